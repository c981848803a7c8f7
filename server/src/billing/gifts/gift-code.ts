import { randomBytes } from 'node:crypto'
import { CodedError } from '../../lib/errors.ts'

/** Crockford's: no I, L, O or U, so that what is read aloud or copied by hand still works (https://www.crockford.com/base32.html). */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** Of five bits each: a hundred bits, which nobody guesses. */
const letters = 20
const mark = 'GIFT'
/** The mark, also where its I was taken for a 1. */
const marked = new RegExp(`^G[I1L]FT(?=.{${letters}}$)`)

/** A new gift's code, such as `GIFT-7K3QX-…`: whoever has it has the gift. */
export function makeGiftCode(): string {
  // 32 divides 256: every letter is as likely as any other.
  return grouped([...randomBytes(letters)].map((byte) => alphabet[byte % 32]).join(''))
}

/**
 * A code as somebody typed it, in the form in which it is kept: case, spaces and dashes do not matter, nor do letters that
 * look alike.
 *
 * @returns null for what is no code at all
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
