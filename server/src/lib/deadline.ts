/**
 * Waits for work up to a time limit. The work is not cancelled, and its later result or error is ignored.
 *
 * @param onLate called when the limit is reached; returns the result, or throws
 * @throws the work's error if it fails in time
 */
export async function withDeadline<T, L>(milliseconds: number, work: Promise<T>, onLate: () => L): Promise<T | L> {
  if (!Number.isFinite(milliseconds)) return work
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>(
    (resolve) => (timer = setTimeout(resolve, Math.ceil(Math.max(milliseconds, 0)), undefined)),
  )
  // A rejection after the race is settled would be unhandled.
  work.catch(() => undefined)
  const first = await Promise.race([work.then((value) => ({ value })), late]).finally(() => clearTimeout(timer))
  return first ? first.value : onLate()
}

/**
 * Waits for work up to a time limit, as `withDeadline` does.
 *
 * @returns whether the work finished in time
 */
export const atMost = (milliseconds: number, work: Promise<unknown>): Promise<boolean> =>
  withDeadline(
    milliseconds,
    work.then(() => true),
    () => false,
  )

/**
 * Runs work with a signal that is aborted after a time limit. One limit can hold for several fetches.
 *
 * @param milliseconds the limit
 * @param outer aborts the work earlier
 */
export async function abortAfter<T>(
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<T>,
  outer?: AbortSignal,
): Promise<T> {
  const controller = new AbortController()
  const end = () => controller.abort()
  const timer = setTimeout(end, milliseconds)
  outer?.addEventListener('abort', end, { once: true })
  if (outer?.aborted) end()
  try {
    return await work(controller.signal)
  } finally {
    clearTimeout(timer)
    outer?.removeEventListener('abort', end)
  }
}
