/**
 * Waits for work up to a time limit. The work is not cancelled, and its later result or error is ignored.
 *
 * @returns whether the work finished in time
 * @throws the work's error if it fails in time
 */
export async function atMost(milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => (timer = setTimeout(resolve, milliseconds, false)))
  // A rejection after the race is settled would be unhandled.
  work.catch(() => undefined)
  return Promise.race([work.then(() => true), late]).finally(() => clearTimeout(timer))
}
