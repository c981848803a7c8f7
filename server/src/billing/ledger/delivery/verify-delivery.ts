import { createHmac, timingSafeEqual } from 'node:crypto'
import { parseSignatureHeader } from './signature-header.ts'

/** The tolerance of a delivery's signed time in both directions, in seconds (https://docs.stripe.com/webhooks#replay-attacks). */
const toleranceSeconds = 300

/** A delivery with a missing, wrong or outdated signature. The message is for the log. Senders get one response for all reasons. */
export class ForgedDelivery extends Error {}

/**
 * Verifies that the provider signed a delivery recently. Accepts each of several secrets, for their rotation.
 *
 * @param body    the bytes as received, because the signature covers them
 * @param header  the `Stripe-Signature` header
 * @param secrets the webhook secrets, `whsec_…`
 * @param now     wall time, because business time may be years ahead
 * @throws ForgedDelivery
 */
export function verifyDelivery(
  body: Buffer,
  header: string | string[] | undefined,
  secrets: readonly string[],
  now: Date,
): void {
  if (typeof header !== 'string') throw new ForgedDelivery('no signature header, or more than one')
  const signature = parseSignatureHeader(header)
  if (signature === null) throw new ForgedDelivery('malformed signature header')
  const { signedAt, signatures } = signature
  const ageSeconds = Math.floor(now.getTime() / 1000) - signedAt
  if (ageSeconds > toleranceSeconds) throw new ForgedDelivery('signed too long ago')
  // A time in the future would extend the time in which a captured delivery can be replayed.
  if (ageSeconds < -toleranceSeconds) throw new ForgedDelivery('signed in the future')
  const isSigned = secrets.some((secret) => {
    const expected = createHmac('sha256', secret).update(`${signedAt}.`).update(body).digest()
    return signatures.some((given) => timingSafeEqual(given, expected))
  })
  if (!isSigned) throw new ForgedDelivery('no signature matches')
}
