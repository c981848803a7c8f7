import { isStorable } from '../../../lib/text.ts'

/** Deeper than any event of the provider by a factor of ten; a column of JSON holds some thousands. */
const mostLevels = 100

/**
 * Says why a JSON value cannot be stored in a column of JSON: PostgreSQL refuses NUL and lone surrogates in it, and neither it nor
 * its client takes any depth. Works in a loop: the value may be nested as deeply as its sender likes.
 *
 * @returns null for a value that can be stored
 */
export function reasonNotStorable(value: unknown): string | null {
  const open: (readonly [value: unknown, level: number])[] = [[value, 0]]
  for (let next = open.pop(); next; next = open.pop()) {
    const [one, level] = next
    if (level > mostLevels) return `nested deeper than ${mostLevels} levels`
    if (typeof one === 'string') {
      if (!isStorable(one)) return 'with a character that cannot be stored'
    } else if (Array.isArray(one)) {
      for (const inner of one) open.push([inner, level + 1])
    } else if (typeof one === 'object' && one !== null) {
      for (const [key, inner] of Object.entries(one)) open.push([key, level + 1], [inner, level + 1])
    }
  }
  return null
}
