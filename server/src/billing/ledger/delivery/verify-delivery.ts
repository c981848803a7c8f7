import { createHmac, timingSafeEqual } from 'node:crypto'
import { parseSignatureHeader } from './signature-header.ts'

/** Seconds by which a delivery's signed time may differ from ours, either way (https://docs.stripe.com/webhooks#replay-attacks). */
const toleranceSeconds = 300

/** A delivery that is not the provider's, or not of now. The message is for the log: callers get one answer for every reason. */
export class ForgedDelivery extends Error {}

/**
 * Checks that bytes come from the provider, now. While a secret rotates, any of several is accepted.
 *
 * @param body    as it came: parsed and written again it would have another signature
 * @param header  `Stripe-Signature`
 * @param secrets `whsec_…`
 * @param now     wall time: business time may be years ahead
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
  // A time to come would make a captured delivery good for longer.
  if (ageSeconds < -toleranceSeconds) throw new ForgedDelivery('signed in the future')
  const isSigned = secrets.some((secret) => {
    const expected = createHmac('sha256', secret).update(`${signedAt}.`).update(body).digest()
    return signatures.some((given) => timingSafeEqual(given, expected))
  })
  if (!isSigned) throw new ForgedDelivery('no signature matches')
}
