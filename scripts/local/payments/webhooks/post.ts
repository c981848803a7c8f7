import { createHmac } from 'node:crypto'

/** The time limit of a delivery, in milliseconds. */
const timeoutMs = 10_000

export interface Sent {
  /** The receiver answered with 2xx. */
  readonly delivered: boolean
  /** The status of the answer, or the reason why there is none. */
  readonly answer: string
}

/** Makes one attempt to deliver an event. */
export async function postEvent(url: string, secret: string, event: object, stop: AbortSignal): Promise<Sent> {
  const body = JSON.stringify(event, null, 2)
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'Stripe/1.0 (+local payment provider)',
        'stripe-signature': signatureHeader(body, secret),
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([stop, AbortSignal.timeout(timeoutMs)]),
    })
    // The body is read to the end, so that the connection can be reused.
    await response.arrayBuffer()
    return { delivered: response.ok, answer: String(response.status) }
  } catch (error) {
    return { delivered: false, answer: reasonOf(error) }
  }
}

function reasonOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error)
  const cause = 'cause' in error ? error.cause : undefined
  if (typeof cause === 'object' && cause !== null && 'code' in cause) return String(cause.code)
  return 'name' in error ? String(error.name) : 'Error'
}

/**
 * Returns the `Stripe-Signature` header (https://docs.stripe.com/webhooks/signature). Its time is wall time, because receivers use it
 * to detect replays.
 */
function signatureHeader(body: string, secret: string): string {
  const wallSeconds = Math.floor(Date.now() / 1000)
  const signature = createHmac('sha256', secret).update(`${wallSeconds}.${body}`).digest('hex')
  return `t=${wallSeconds},v1=${signature}`
}
