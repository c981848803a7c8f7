export interface ProblemBody {
  readonly type: 'invalid_request_error' | 'card_error' | 'idempotency_error' | 'api_error'
  readonly message: string
  readonly code?: string
  readonly param?: string
  readonly decline_code?: string
  readonly charge?: string
  readonly payment_intent?: object
}

/** A refusal in Stripe's shape: https://docs.stripe.com/api/errors */
export class StripeProblem extends Error {
  readonly status: number
  readonly body: ProblemBody
  /** The request was not begun: an idempotency key is not used up by it. */
  readonly beforehand: boolean

  constructor(status: number, body: ProblemBody, beforehand = false) {
    super(body.message)
    this.name = 'StripeProblem'
    this.status = status
    this.body = body
    this.beforehand = beforehand
  }
}

/** 400: what is asked for is not possible. */
export const refused = (message: string, param?: string, code?: string): StripeProblem =>
  new StripeProblem(400, { type: 'invalid_request_error', message, ...(param && { param }), ...(code && { code }) })

/** 404, for an id in the path; 400 for one among the parameters. */
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

/** 402: the card was not charged. */
export const declined = (decline: Decline, more: Pick<ProblemBody, 'charge' | 'payment_intent'> = {}): StripeProblem =>
  new StripeProblem(402, {
    type: 'card_error',
    code: decline.code,
    decline_code: decline.declineCode,
    message: decline.message,
    ...more,
  })
