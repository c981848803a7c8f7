/** Time between two progress lines, in milliseconds. */
export const progressMilliseconds = 15_000

/**
 * Reports every 15 seconds that work is in progress, until it ends.
 *
 * @template T
 * @param {Promise<T>} work
 * @param {(seconds: number) => void} say
 * @returns {Promise<T>} the result of the work
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
