interface ProblemBody {
  readonly type: 'invalid_request_error' | 'card_error' | 'idempotency_error' | 'api_error'
  readonly message: string
  readonly code?: string
  readonly param?: string
  readonly decline_code?: string
  readonly charge?: string
  readonly payment_intent?: object
}

/** An error in Stripe's shape (https://docs.stripe.com/api/errors). */
export class StripeProblem extends Error {
  readonly status: number
  readonly body: ProblemBody
  /** The request was refused before it began. Its idempotency key is still unused. */
  readonly beforehand: boolean

  constructor(status: number, body: ProblemBody, beforehand = false) {
    super(body.message)
    this.name = 'StripeProblem'
    this.status = status
    this.body = body
    this.beforehand = beforehand
  }
}

/** Makes an error 400 for an impossible request. */
export const refused = (message: string, param?: string, code?: string): StripeProblem =>
  new StripeProblem(400, { type: 'invalid_request_error', message, ...(param && { param }), ...(code && { code }) })

/** Makes an error for an unknown id: 404 for an id in the path, 400 for an id in a parameter. */
export const missing = (what: string, id: string, param = 'id', status: 400 | 404 = 404): StripeProblem =>
  new StripeProblem(status, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such ${what}: '${id}'`,
    param,
  })

export interface Decline {
  readonly code: string
  readonly declineCode: string
  readonly message: string
}

/** Makes an error 402 for a declined card. */
export const declined = (decline: Decline, more: Pick<ProblemBody, 'charge' | 'payment_intent'> = {}): StripeProblem =>
  new StripeProblem(402, {
    type: 'card_error',
    code: decline.code,
    decline_code: decline.declineCode,
    message: decline.message,
    ...more,
  })
