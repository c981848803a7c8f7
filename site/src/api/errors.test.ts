import { CombinedGraphQLErrors, ServerError } from '@apollo/client'
import { expect, test } from '@jest/globals'
import { ProviderUnavailable, SessionEnded } from '../auth/session-errors.ts'
import { isRetryable, codeOf, retryAfterOf } from './errors.ts'

const graphQL = (...codes: unknown[]) =>
  new CombinedGraphQLErrors({
    errors: codes.map((code) => ({ message: 'm', ...(code !== undefined && { extensions: { code } }) })),
  })
const http = (bodyText: string, headers: Record<string, string> = {}, status = 503) =>
  new ServerError('m', { bodyText, response: new Response(null, { status, headers }) })

test.each<[unknown, string]>([
  [graphQL('NOT_FOUND'), 'NOT_FOUND'],
  [graphQL('PLAN_REQUIRED', 'UNAVAILABLE'), 'PLAN_REQUIRED'],
  [graphQL(undefined), 'INTERNAL_SERVER_ERROR'],
  [graphQL(7), 'INTERNAL_SERVER_ERROR'],
  [http('{"errors":[{"message":"m","extensions":{"code":"RATE_LIMITED"}}]}'), 'RATE_LIMITED'],
  [http('{"errors":[{"message":"m"}]}'), 'NO_ANSWER'],
  [http('{"errors":[]}'), 'NO_ANSWER'],
  [http('{}'), 'NO_ANSWER'],
  [http('null'), 'NO_ANSWER'],
  [http('<html>Bad gateway</html>'), 'NO_ANSWER'],
  [http(''), 'NO_ANSWER'],
  [new TypeError('Failed to fetch'), 'NO_ANSWER'],
  [new Error('The session is over.'), 'NO_ANSWER'],
  [undefined, 'NO_ANSWER'],
])('%p: %s', (error, code) => {
  expect(codeOf(error)).toBe(code)
})

test.each<[string, unknown, number | null]>([
  ['an HTTP error that says so', http('', { 'retry-after': '30' }), 30],
  ['at once', http('', { 'retry-after': '0' }), 0],
  ['one that does not say', http(''), null],
  ['one that names a date', http('', { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }), null],
  ['one without sense', http('', { 'retry-after': 'soon' }), null],
  ['an error in an answer', graphQL('UNAVAILABLE'), null],
  ['no answer', new TypeError('Failed to fetch'), null],
  ['no error', undefined, null],
])('how long to wait after %s', (_case, error, seconds) => {
  expect(retryAfterOf(error)).toBe(seconds)
})

test.each<[string, unknown, boolean]>([
  ['no error', undefined, false],
  ['an answer that refuses a part', graphQL('SUBSCRIPTION_REQUIRED'), false],
  ['an API that is not ready', http(''), true],
  ['too many questions', http('{"errors":[{"extensions":{"code":"RATE_LIMITED"}}]}', {}, 429), true],
  ['no answer', new TypeError('Failed to fetch'), true],
  ['no token for now', new ProviderUnavailable(), true],
  ['no token any more', new SessionEnded(), false],
  ['a token that is refused', http('{}', {}, 401), false],
])('%s is retryable: %s', (_case, error, nothing) => {
  expect(isRetryable(error)).toBe(nothing)
})
