import { signatureHeader } from './sign.ts'

/** How long a receiver may take, in milliseconds. */
const patienceMilliseconds = 10_000

export interface Sent {
  /** It was taken: 2xx. */
  readonly delivered: boolean
  /** The status, or why there is none. */
  readonly answer: string
}

/** Sends one event to one address, once. */
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
      signal: AbortSignal.any([stop, AbortSignal.timeout(patienceMilliseconds)]),
    })
    // Read to its end, so that the connection serves the next one.
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
