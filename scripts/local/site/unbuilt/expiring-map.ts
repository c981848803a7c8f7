interface ExpiringMap<Value> {
  readonly get: (key: string) => Value | undefined
  readonly set: (key: string, value: Value) => void
}

/**
 * Creates a map whose entries expire.
 *
 * @param now          a clock in milliseconds
 * @param milliseconds lifetime of an entry
 * @param maxEntries   maximum number of entries; the oldest is removed
 */
export function createExpiringMap<Value>(
  now: () => number,
  milliseconds: number,
  maxEntries: number,
): ExpiringMap<Value> {
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
      if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest)
    },
  }
}
