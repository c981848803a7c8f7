import { createHmac } from 'node:crypto'

/**
 * The `Stripe-Signature` header: https://docs.stripe.com/webhooks/signature
 *
 * Its time is wall time, whatever the business clock says: whoever checks it, checks for replays.
 */
export function signatureHeader(body: string, secret: string, wallSeconds = Math.floor(Date.now() / 1000)): string {
  const signature = createHmac('sha256', secret).update(`${wallSeconds}.${body}`).digest('hex')
  return `t=${wallSeconds},v1=${signature}`
}
