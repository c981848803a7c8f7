import { randomBytes } from 'node:crypto'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Creates an id in Stripe's format. An id with 24 or more random characters cannot be guessed. */
export function newId(prefix: string, length = 24): string {
  return `${prefix}_${randomText(length)}`
}

export function randomText(length: number): string {
  // Only bytes below 248, a multiple of 62, so that all characters have the same probability.
  let text = ''
  while (text.length < length) {
    for (const byte of randomBytes(length)) if (byte < 248 && text.length < length) text += alphabet[byte % 62]
  }
  return text
}

/** Creates the id of an event. The ids of events sort by the order of their creation. */
export function eventId(sequence: number): string {
  return `evt_1${sequence.toString(36).padStart(9, '0')}${randomText(14)}`
}
