import { isDeepStrictEqual } from 'node:util'

/** Returns the previous values of changed keys, as in an event's `previous_attributes`: objects by key, lists as a whole. */
export function previousAttributes(before: object, after: object): Record<string, unknown> {
  const previous: Record<string, unknown> = {}
  const now = after as Record<string, unknown>
  for (const [key, old] of Object.entries(before)) {
    const current = now[key]
    if (isDeepStrictEqual(old, current)) continue
    previous[key] = isPlain(old) && isPlain(current) ? previousAttributes(old, current) : old
  }
  for (const key of Object.keys(now)) if (!(key in before)) previous[key] = null
  return previous
}

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !('object' in value)
