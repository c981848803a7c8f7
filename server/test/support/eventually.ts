const giveUpMilliseconds = 45_000

/**
 * Calls a function until its result satisfies a condition, for changes that happen in the background.
 *
 * @param read returns the current value
 * @param isDone default: the value is truthy
 * @param everyMilliseconds the pause between two calls; default 20
 * @returns the value that satisfies the condition
 * @throws Error with the last value after 45 seconds
 */
export async function eventually<T>(
  read: () => T | Promise<T>,
  isDone: (value: T) => boolean = Boolean,
  everyMilliseconds = 20,
): Promise<T> {
  const giveUp = Date.now() + giveUpMilliseconds
  for (;;) {
    const value = await read()
    if (isDone(value)) return value
    if (Date.now() > giveUp) throw new Error(`the condition was not met; the last value was ${JSON.stringify(value)}`)
    await new Promise((resolve) => setTimeout(resolve, everyMilliseconds))
  }
}
