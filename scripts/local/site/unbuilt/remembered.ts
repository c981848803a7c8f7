export interface Remembered<Value> {
  readonly get: (key: string) => Value | undefined
  readonly set: (key: string, value: Value) => void
}

/**
 * Remembers values for a while.
 *
 * @param now          a clock in milliseconds
 * @param milliseconds how long each is remembered
 * @param most         how many there are at a time; the oldest gives way
 */
export function createRemembered<Value>(now: () => number, milliseconds: number, most: number): Remembered<Value> {
  const entries = new Map<string, { readonly value: Value; readonly until: number }>()
  return {
    get(key) {
      const entry = entries.get(key)
      if (entry && entry.until > now()) return entry.value
      entries.delete(key)
      return undefined
    },
    set(key, value) {
      entries.delete(key)
      entries.set(key, { value, until: now() + milliseconds })
      const [oldest] = entries.keys()
      if (entries.size > most && oldest !== undefined) entries.delete(oldest)
    },
  }
}
