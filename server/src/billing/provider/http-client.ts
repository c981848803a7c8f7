import type Stripe from 'stripe'
import { pauseAfter } from '../../lib/back-off.ts'
import { withDeadline } from '../../lib/deadline.ts'

/** A time budget of several requests together. */
export interface Budget {
  /** Returns the milliseconds that are left. */
  readonly left: () => number
}

/** Creates a budget that starts at its first use. @param milliseconds for all requests together, with retries and pauses */
export function createBudget(milliseconds: number): Budget {
  let end: number | undefined
  return {
    left: () => {
      end ??= performance.now() + milliseconds
      return end - performance.now()
    },
  }
}

/** Retries of one request after the first attempt. */
const mostRetries = 3
const pausesMilliseconds = { first: 250, longest: 1_000 }

type Client = Pick<Stripe.HttpClient, 'getClientName' | 'makeRequest'>
type Response = Awaited<ReturnType<Client['makeRequest']>>

/**
 * Creates an HTTP client that limits the time of each request of the SDK, and of all requests of a budget together.
 *
 * The SDK's own `timeout` limits only the idle time of each attempt, without the pauses. So the retries of the SDK are off, and this
 * client retries within the limit. Every POST has an idempotency key, so retries are safe:
 * https://docs.stripe.com/api/idempotent_requests
 */
export function createHttpClient(base: Client, budget: Budget = { left: () => Infinity }): Stripe.HttpClient {
  return {
    getClientName: () => base.getClientName(),
    async makeRequest(host, port, path, method, headers, data, protocol, timeout) {
      const end = performance.now() + Math.min(timeout, budget.left())
      const left = () => end - performance.now()
      for (let retries = 0; ; retries += 1) {
        // A timer may fire a fraction of a millisecond early.
        if (left() < 1) throw timedOut()
        const isLast = retries === mostRetries
        try {
          const asked = base.makeRequest(host, port, path, method, headers, data, protocol, Math.ceil(left()))
          const response = await within(left(), asked)
          if (isLast || !isToBeRetried(response)) return endingWithin(left, response)
          discard(response)
        } catch (error) {
          if (isLast || left() <= 0) throw notToBeRetried(error)
        }
        const pause = pauseAfter(retries + 1, pausesMilliseconds)
        if (left() <= pause) throw timedOut()
        await new Promise((resolve) => setTimeout(resolve, pause))
      }
    },
  }
}

/**
 * Returns whether to retry: https://docs.stripe.com/error-low-level#stripe-should-retry. A 409 means that an equal request is in
 * progress.
 */
function isToBeRetried(response: Response): boolean {
  const advice = response.getHeaders()['stripe-should-retry']
  if (advice === 'true' || advice === 'false') return advice === 'true'
  const status = response.getStatusCode()
  return status === 409 || status >= 500
}

/** Limits the time of the body, which may be as slow as the headers. */
function endingWithin(left: () => number, response: Response): Response {
  const toJSON = response.toJSON.bind(response)
  response.toJSON = () =>
    within(left(), toJSON()).catch((error: unknown) => {
      discard(response)
      throw error
    })
  return response
}

function discard(response: Response): void {
  const raw = response.getRawResponse() as { destroy?: () => void }
  raw.destroy?.()
}

const within = <T>(milliseconds: number, work: Promise<T>): Promise<T> =>
  withDeadline(milliseconds, work, () => {
    throw timedOut()
  })

/** Creates an error with the code that the SDK recognises as a timeout. */
const timedOut = (): Error =>
  Object.assign(new Error('the payment provider did not answer in time'), { code: 'ETIMEDOUT' })

/** Replaces the error of a closed connection, because the SDK always retries after such an error. */
const notToBeRetried = (error: unknown): Error =>
  error instanceof Error && 'code' in error && error.code === 'ETIMEDOUT'
    ? error
    : Object.assign(new Error('the connection to the payment provider failed', { cause: error }), {
        code: 'ECONNABORTED',
      })
