import { badInput } from './errors.ts'

/** In characters. All slugs and ids are shorter. */
const longestName = 200

/**
 * Checks a slug or an id from a request. NUL and lone surrogates are refused here, because PostgreSQL would fail on them.
 *
 * @param argument the name of the argument, for the message
 * @throws BAD_USER_INPUT
 */
export function acceptName(argument: string, value: string): string {
  if (value.length > longestName) throw badInput(`${argument} is longer than ${longestName} characters.`)
  if (!isStorable(value)) throw badInput(`${argument} contains an invalid character.`)
  return value
}

/**
 * Checks a text for people from a request and trims it.
 *
 * @param longest in UTF-16 code units
 * @throws BAD_USER_INPUT if it is empty, too long or contains an invalid character
 */
export function acceptText(argument: string, value: string, longest: number): string {
  const text = value.trim()
  if (text === '') throw badInput(`${argument} is empty.`)
  if (text.length > longest) throw badInput(`${argument} is longer than ${longest} characters.`)
  if (!isStorable(text)) throw badInput(`${argument} contains an invalid character.`)
  return text
}

/** Returns whether PostgreSQL can store a text. It refuses NUL and lone surrogates. */
export const isStorable = (value: string): boolean => !value.includes('\0') && value.isWellFormed()

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Returns whether a text has the form of an id (UUID). */
export const isId = (value: string): boolean => uuid.test(value)

/** Returns whether a text is a slug in ASCII: lower-case letters, digits and single hyphens, at most 200 characters. */
export const isAsciiSlug = (text: string): boolean => text.length <= 200 && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(text)
