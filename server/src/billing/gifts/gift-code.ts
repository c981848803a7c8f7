import { randomBytes } from 'node:crypto'
import { CodedError } from '../../lib/errors.ts'

/**
 * Crockford's base 32, without I, L, O and U, so that codes survive dictation and handwriting
 * (https://www.crockford.com/base32.html).
 */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** Five bits each: 100 bits together. */
const letters = 20
const mark = 'GIFT'
/** The mark, even if its I was read as 1 or L. */
const marked = new RegExp(`^G[I1L]FT(?=.{${letters}}$)`)

/** Creates the code of a new gift, such as `GIFT-7K3QX-…`. Anyone with the code can redeem the gift. */
export function makeGiftCode(): string {
  // 32 divides 256, so all letters are equally likely.
  return grouped([...randomBytes(letters)].map((byte) => alphabet[byte % 32]).join(''))
}

/**
 * Converts a typed code to its stored form. Ignores case, spaces and dashes, and accepts O for 0 and I or L for 1.
 *
 * @returns null for a malformed code
 */
export function normaliseGiftCode(text: string): string | null {
  if (text.length > 100) return null
  const bare = text.toUpperCase().replace(/[\s\p{Dash}_.]/gu, '')
  const code = bare.replace(marked, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1')
  return code.length === letters && [...code].every((letter) => alphabet.includes(letter)) ? grouped(code) : null
}

/** Refuses a code that is malformed, unknown, redeemed or refunded. The message is the same for all of them. */
export const invalidGiftCode = (): CodedError =>
  new CodedError('NOT_FOUND', "That code isn't valid. Check it and try again.")

const grouped = (code: string): string => [mark, ...(code.match(/.{5}/g) ?? [])].join('-')
