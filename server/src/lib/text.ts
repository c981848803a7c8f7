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
  if (value.includes('\0') || !value.isWellFormed()) throw badInput(`${argument} holds a character that no name has.`)
  return value
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Whether a text can be one of our ids at all; whatever else it is, it names nothing. */
export const isId = (value: string): boolean => uuid.test(value)
