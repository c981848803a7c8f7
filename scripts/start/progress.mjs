/** Time between two lines that say that something is still running, in milliseconds. */
export const progressMilliseconds = 15_000

/**
 * Says every 15 seconds that a work goes on, until it ends.
 *
 * @template T
 * @param {Promise<T>} work
 * @param {(seconds: number) => void} say
 * @returns {Promise<T>} what the work returns
 */
export async function withProgress(work, say) {
  const begun = Date.now()
  const progress = setInterval(() => say(Math.round((Date.now() - begun) / 1000)), progressMilliseconds)
  try {
    return await work
  } finally {
    clearInterval(progress)
  }
}
