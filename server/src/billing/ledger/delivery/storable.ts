import { isStorable } from '../../../lib/text.ts'

/** Ten times the depth of the provider's events. A JSON column allows several thousand levels. */
const mostLevels = 100

/**
 * Returns why a value cannot be stored in a JSON column, or null. PostgreSQL refuses NUL and lone surrogates, and the depth is
 * limited. Iterative, because recursion would overflow the stack on a deeply nested value.
 */
export function reasonNotStorable(value: unknown): string | null {
  const open: (readonly [value: unknown, level: number])[] = [[value, 0]]
  for (let next = open.pop(); next; next = open.pop()) {
    const [current, level] = next
    if (level > mostLevels) return `nested deeper than ${mostLevels} levels`
    if (typeof current === 'string') {
      if (!isStorable(current)) return 'with a character that cannot be stored'
    } else if (Array.isArray(current)) {
      for (const inner of current) open.push([inner, level + 1])
    } else if (typeof current === 'object' && current !== null) {
      for (const [key, inner] of Object.entries(current)) open.push([key, level + 1], [inner, level + 1])
    }
  }
  return null
}
