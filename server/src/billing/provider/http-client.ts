import type Stripe from 'stripe'
import { pauseAfter } from '../../lib/back-off.ts'
import { withDeadline } from '../../lib/deadline.ts'

/** How long requests may take together. */
export interface Budget {
  /** Milliseconds that are left. */
  readonly left: () => number
}

/** Starts a budget at its first use. @param milliseconds for all requests together, with their retries and pauses */
export function createBudget(milliseconds: number): Budget {
  let end: number | undefined
  return {
    left: () => {
      end ??= performance.now() + milliseconds
      return end - performance.now()
    },
  }
}

/** Tries of one request after the first. */
const mostRetries = 3
const pausesMilliseconds = { first: 250, longest: 1_000 }

type Client = Pick<Stripe.HttpClient, 'getClientName' | 'makeRequest'>
type Response = Awaited<ReturnType<Client['makeRequest']>>

/**
 * Makes an HTTP client that bounds each request of the SDK, and all requests of one budget together.
 *
 * The SDK's own `timeout` counts only while a connection is idle, for each try anew, and not the pauses in between. This client
 * retries by itself (the SDK is told not to), so that the whole ends in time. Every POST carries an idempotency key, so a retry
 * changes nothing twice: https://docs.stripe.com/api/idempotent_requests
 */
export function createHttpClient(base: Client, budget: Budget = { left: () => Infinity }): Stripe.HttpClient {
  return {
    getClientName: () => base.getClientName(),
    async makeRequest(host, port, path, method, headers, data, protocol, timeout) {
      const end = performance.now() + Math.min(timeout, budget.left())
      const left = () => end - performance.now()
      for (let retries = 0; ; retries += 1) {
        if (left() <= 0) throw timedOut()
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

/** https://docs.stripe.com/error-low-level#stripe-should-retry; 409: the same request is being answered at this moment. */
function isToBeRetried(response: Response): boolean {
  const advice = response.getHeaders()['stripe-should-retry']
  if (advice === 'true' || advice === 'false') return advice === 'true'
  const status = response.getStatusCode()
  return status === 409 || status >= 500
}

/** The body may come as slowly as the headers. */
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

/** The code by which the SDK knows a timeout. */
const timedOut = (): Error =>
  Object.assign(new Error('the payment provider did not answer in time'), { code: 'ETIMEDOUT' })

/** The SDK tries closed connections once more, whatever it was told. */
const notToBeRetried = (error: unknown): Error =>
  error instanceof Error && 'code' in error && error.code === 'ETIMEDOUT'
    ? error
    : Object.assign(new Error('the connection to the payment provider failed', { cause: error }), {
        code: 'ECONNABORTED',
      })
