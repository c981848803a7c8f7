/**
 * Waits for work that goes on by itself, and no longer than a bound. What comes of it later is nobody's concern here.
 *
 * @returns whether it was done in time
 * @throws what the work throws in time
 */
export async function atMost(milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => (timer = setTimeout(resolve, milliseconds, false)))
  // The race hears the first of the two only.
  work.catch(() => undefined)
  return Promise.race([work.then(() => true), late]).finally(() => clearTimeout(timer))
}
