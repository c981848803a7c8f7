import type { FaultReason, HeaderReason, TokenReason } from './types.ts'

const answers = {
  BAD_REQUEST: { status: 400, message: 'Send exactly one Authorization header with one bearer token.' },
  UNAUTHENTICATED: {
    status: 401,
    message: 'The access token was not accepted. Sign in again, and send the token as "Authorization: Bearer <token>".',
  },
  AUTH_UNAVAILABLE: { status: 503, message: 'The token cannot be checked at the moment. Try again shortly.' },
} as const

type RefusalCode = keyof typeof answers

interface RefusalOptions {
  headers: Readonly<Record<string, string>>
  reason: AuthRefusal['reason']
  expected?: string | undefined
  cause?: unknown
}

/**
 * Refuses a request because of its token. Every 401 has the same message, because the reason would help a forger. `reason` and
 * `expected` are for the log.
 */
export class AuthRefusal extends Error {
  readonly code: RefusalCode
  readonly status: 400 | 401 | 503
  /** HTTP headers of the response. */
  readonly headers: Readonly<Record<string, string>>
  readonly reason: TokenReason | HeaderReason | FaultReason
  /** The server's requirement, from its own settings only. */
  readonly expected?: string | undefined

  constructor(code: RefusalCode, { headers, reason, expected, cause }: RefusalOptions) {
    super(answers[code].message, cause === undefined ? undefined : { cause })
    this.name = 'AuthRefusal'
    this.code = code
    this.status = answers[code].status
    this.headers = headers
    this.reason = reason
    this.expected = expected
  }
}

/** Creates the refusal of an invalid token: 401 (RFC 6750, section 3.1, `invalid_token`). */
export const tokenRefused = (reason: TokenReason | HeaderReason, expected?: string): AuthRefusal =>
  new AuthRefusal('UNAUTHENTICATED', {
    headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
    reason,
    expected,
  })

/** Creates the refusal of a request with more than one token: 400 (RFC 6750, section 3.1, `invalid_request`). */
export const requestRefused = (reason: HeaderReason): AuthRefusal =>
  new AuthRefusal('BAD_REQUEST', { headers: { 'WWW-Authenticate': 'Bearer error="invalid_request"' }, reason })

/** Creates the refusal of a token that cannot be verified because of a failure here or at the identity provider: 503. */
export const authUnavailable = (reason: FaultReason, retryAfterSeconds: number, cause?: unknown): AuthRefusal =>
  new AuthRefusal('AUTH_UNAVAILABLE', { headers: { 'Retry-After': String(retryAfterSeconds) }, reason, cause })
