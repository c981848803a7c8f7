import { randomBytes } from 'node:crypto'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** An id that looks like Stripe's. With 24 characters and more nobody guesses it. */
export function newId(prefix: string, length = 24): string {
  return `${prefix}_${randomText(length)}`
}

export function randomText(length: number): string {
  // 248 is the largest multiple of 62 in a byte: what is above would make the first letters likelier.
  let text = ''
  while (text.length < length) {
    for (const byte of randomBytes(length)) if (byte < 248 && text.length < length) text += alphabet[byte % 62]
  }
  return text
}

/** Event ids that sort by the order in which they were made. */
export function eventId(sequence: number): string {
  return `evt_1${sequence.toString(36).padStart(9, '0')}${randomText(14)}`
}
