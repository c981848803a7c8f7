import { badInput } from './errors.ts'

/** The longest slug or id that anybody has. */
const longestName = 200

/**
 * Takes a slug or an id from a stranger. PostgreSQL refuses NUL and lone surrogates with an error of its own, so they
 * end here, before any SQL.
 *
 * @param argument how the argument is called, for the message
 * @throws BAD_USER_INPUT
 */
export function acceptName(argument: string, value: string): string {
  if (value.length > longestName) throw badInput(`${argument} is longer than ${longestName} characters.`)
  if (!isStorable(value)) throw badInput(`${argument} contains an invalid character.`)
  return value
}

/**
 * Takes words for people from a stranger, without the white space around them.
 *
 * @param longest in UTF-16 code units
 * @throws BAD_USER_INPUT for nothing, and for too much
 */
export function acceptText(argument: string, value: string, longest: number): string {
  const text = value.trim()
  if (text === '') throw badInput(`${argument} is empty.`)
  if (text.length > longest) throw badInput(`${argument} is longer than ${longest} characters.`)
  if (!isStorable(text)) throw badInput(`${argument} contains an invalid character.`)
  return text
}

/** Whether PostgreSQL can store a text: it refuses NUL and lone surrogates. */
export const isStorable = (value: string): boolean => !value.includes('\0') && value.isWellFormed()

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Whether a text can be one of our ids at all; whatever else it is, it names nothing. */
export const isId = (value: string): boolean => uuid.test(value)
