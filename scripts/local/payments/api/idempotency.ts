import { StripeProblem } from '../problem.ts'
import type { Provider } from '../state/provider.ts'

export interface Kept {
  readonly status: number
  readonly body: string
  /** The request was refused before it began. Its key is still unused. */
  readonly beforehand: boolean
}

interface Asked {
  readonly key: string
  /** Of the method, the path and the parameters. */
  readonly fingerprint: string
  readonly requestId: string
}

/**
 * Executes a request once for each idempotency key (https://docs.stripe.com/api/idempotent_requests).
 *
 * Work is synchronous. A second request with the same key therefore always follows the first one and gets the stored answer. Stripe may
 * answer 409 `idempotency_key_in_use` instead. Answers are stored for 24 hours of business time.
 */
export function answerOnce(
  provider: Provider,
  { key, fingerprint, requestId }: Asked,
  work: () => Kept,
): Kept & { requestId: string; replayed: boolean } {
  const { store, clock } = provider
  if (key.length > 255) {
    const message = 'Idempotency keys can be at most 255 characters long.'
    throw new StripeProblem(400, { type: 'invalid_request_error', message })
  }
  const kept = store.get('keptAnswer', key)
  if (kept && kept.fingerprint !== fingerprint) {
    const message = `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`
    throw new StripeProblem(400, { type: 'idempotency_error', message })
  }
  if (kept)
    return { status: kept.status, body: kept.body, beforehand: false, requestId: kept.requestId, replayed: true }
  const answer = work()
  if (!answer.beforehand) {
    const { status, body } = answer
    store.put('keptAnswer', { id: key, fingerprint, createdAt: clock.seconds(), requestId, status, body })
  }
  return { ...answer, requestId, replayed: false }
}
