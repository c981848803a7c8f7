import Stripe from 'stripe'

/** Seconds by which a delivery's signed time may differ from ours, either way (https://docs.stripe.com/webhooks#replay-attacks). */
const toleranceSeconds = 300

/** A delivery that is not the provider's, or not of now. Nobody is told which of its parts was wrong; the log is. */
export class ForgedDelivery extends Error {}

/**
 * Checks that bytes come from the provider, now. While a secret rotates any of several is good.
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
  if (typeof header !== 'string') throw new ForgedDelivery('no signature, or several')
  const reasons = secrets.map((secret) => objection(body, header, secret, now))
  if (!reasons.includes(null)) throw new ForgedDelivery(reasons.join('; ') || 'no secret is set')
  // The library looks back only: a time to come would make a captured delivery good for longer.
  const signedAt = Number(/(?:^|,)\s*t=(\d+)/.exec(header)?.[1])
  if (!(signedAt - now.getTime() / 1000 <= toleranceSeconds)) throw new ForgedDelivery('signed in the future')
}

function objection(body: Buffer, header: string, secret: string, now: Date): string | null {
  const { signature } = Stripe.webhooks
  if (signature === null) throw new Error('the provider’s library cannot check signatures here')
  try {
    signature.verifyHeader(body, header, secret, toleranceSeconds, undefined, now.getTime())
    return null
  } catch (error) {
    // Its message quotes nothing of the body.
    return error instanceof Error ? (error.message.split('\n')[0] ?? '').slice(0, 120) : 'unknown'
  }
}
