import { flaws } from '../local/identity/mint-token.ts'
import { billingCalls } from './billing-calls.ts'
import { absent, ask, http, present, type Call } from './call.ts'
import { memberCalls, paidArticleCalls } from './member-calls.ts'
import { healthCalls, publicCalls } from './public-calls.ts'

const refusedToken = (flaw: (typeof flaws)[number]): Call =>
  ask(
    `A token that is ${flaw}`,
    { flawed: flaw },
    '{ plans { slug } }',
    {
      data: absent,
      'errors.0.message':
        'The access token was not accepted. Sign in again, and send the token as "Authorization: Bearer <token>".',
      'errors.0.extensions.code': 'UNAUTHENTICATED',
      'errors.0.extensions.requestId': present,
      'headers.www-authenticate': 'Bearer error="invalid_token"',
    },
    { status: 401 },
  )

/** Calls that are refused before the execution, and other ways to send a query. */
const protocolCalls: readonly Call[] = [
  ...flaws.map(refusedToken),
  ask(
    'An unknown field',
    null,
    '{ plans { price } }',
    { data: absent, 'errors.0.extensions.code': 'GRAPHQL_VALIDATION_FAILED' },
    { status: 400 },
  ),
  http('A query by GET', 'GET', '/graphql?query=%7B%20plans%20%7B%20slug%20%7D%20%7D', {
    headers: { 'apollo-require-preflight': 'true' },
    finds: { errors: absent, 'data.plans': present, 'headers.cache-control': 'private, no-store' },
  }),
  http('A query by GET without the CSRF header', 'GET', '/graphql?query=%7B%20plans%20%7B%20slug%20%7D%20%7D', {
    status: 400,
    finds: { 'errors.0.extensions.code': 'BAD_REQUEST' },
  }),
  ask(
    'The schema',
    null,
    '{ __schema { queryType { name } mutationType { name } } }',
    { 'data.__schema.queryType.name': 'Query' },
    { needs: ['development'] },
  ),
  ask(
    'The schema, in production',
    null,
    '{ __schema { queryType { name } } }',
    { data: absent, 'errors.0.extensions.code': 'GRAPHQL_VALIDATION_FAILED' },
    {
      needs: ['production'],
      status: 400,
    },
  ),
]

/**
 * Every operation of the API, with and without token. The order matters, because some calls use values of earlier responses.
 * `npm run smoke` makes the calls. requests.http shows them to people, and requests-http.test.ts compares both.
 */
export const calls: readonly Call[] = [
  ...healthCalls,
  ...publicCalls,
  ...paidArticleCalls,
  ...memberCalls,
  ...billingCalls,
  ...protocolCalls,
]
