import { expect, test } from '@jest/globals'
import Stripe from 'stripe'
import { CodedError } from '../../lib/errors.ts'
import { describeError } from '../../lib/logger.ts'
import { anyAnswer } from './answers.ts'
import { answerOrRefusal } from './calls.ts'
import { createStripe } from './client.ts'
import { billingFailure, ProviderFault } from './failures.ts'

const { errors } = Stripe
const secret = `sk_${'live'}_51HqLyjWDarjtT1zdp7dc`
const raw = (fields: object) => ({ type: 'api_error', message: 'x', ...fields }) as never

test.each([
  [
    { decline_code: 'insufficient_funds', code: 'card_declined' },
    'The card was declined because of insufficient funds. Nothing was changed.',
  ],
  [{ code: 'expired_card' }, 'The card has expired. Nothing was changed.'],
  [
    { code: 'subscription_payment_intent_requires_action' },
    'Your bank requires a confirmation. Enter the card again and confirm the payment. Nothing was changed.',
  ],
  [{ decline_code: 'lost_card', code: 'card_declined' }, 'The card was declined. Nothing was changed.'],
  [{}, 'The card was declined. Nothing was changed.'],
])('a declined card %o has a message for the reader', (fields, message) => {
  const failure = billingFailure(new errors.StripeCardError(raw({ message: 'pi_123 of Ada King failed', ...fields })))
  expect(failure).toMatchObject({ code: 'CONFLICT', message })
})

test.each([
  new errors.StripeConnectionError(raw({ detail: new Error('connect ECONNREFUSED 10.0.0.7:443') })),
  new errors.StripeRateLimitError(raw({ statusCode: 429 })),
  new errors.StripeAPIError(raw({ statusCode: 500 })),
  // An equal request is still in progress after several retries.
  new errors.StripeAPIError(raw({ statusCode: 409, code: 'idempotency_key_in_use' })),
])('an outage is SERVICE_UNAVAILABLE: $type', (error) => {
  const failure = billingFailure(error) as CodedError
  expect(failure).toBeInstanceOf(CodedError)
  expect(failure).toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
  expect(failure.message).toBe('The payment provider cannot be reached at the moment. Try again.')
})

test.each([
  new errors.StripeInvalidRequestError(
    raw({
      statusCode: 400,
      message: `No such price: price_1; see https://dashboard.stripe.com/logs/req_1?t=1`,
      param: 'items[0][price]',
    }),
  ),
  new errors.StripeAuthenticationError(raw({ statusCode: 401, message: `Invalid API Key provided: ${secret}` })),
  new errors.StripeAuthenticationError(
    raw({ statusCode: 401, message: 'Expired API Key provided: rk_live_*****************dp7dc' }),
  ),
  new errors.StripePermissionError(
    raw({ statusCode: 403, message: `The key 'sk_test_4eC39Hq' cannot do this from 203.0.113.7` }),
  ),
  new errors.StripeIdempotencyError(raw({ statusCode: 400 })),
])('an invalid request is masked and logged without secrets: $type', (error) => {
  const failure = billingFailure(error)
  expect(failure).toBeInstanceOf(ProviderFault)
  const logged = JSON.stringify(describeError(failure))
  expect(logged).toContain(error.type)
  expect(logged).toContain(`status ${error.statusCode}`)
  expect(logged).not.toMatch(/https?:|dp7dc|4eC39|203\.0/)
})

test('other errors are returned unchanged', () => {
  const error = new Error('a bug')
  expect(billingFailure(error)).toBe(error)
})

test('only a refusal of the request counts as refused', async () => {
  const refused = new errors.StripeInvalidRequestError(raw({ statusCode: 404 }))
  expect(await answerOrRefusal(Promise.reject(refused), anyAnswer)).toBe('refused')
  const away = answerOrRefusal(Promise.reject(new errors.StripeConnectionError(raw({}))), anyAnswer)
  await expect(away).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
})

test.each([
  ['http://127.0.0.1:4002', '127.0.0.1', '4002', 'http'],
  ['http://localhost', 'localhost', '80', 'http'],
  [null, 'api.stripe.com', '443', 'https'],
])('connects to %s', (base, host, port, protocol) => {
  const stripe = createStripe({ secretKey: secret, apiBase: base === null ? null : new URL(base) })
  const field = (name: string) => (stripe as unknown as { getApiField: (name: string) => unknown }).getApiField(name)
  expect([field('host'), String(field('port')), field('protocol')]).toEqual([host, port, protocol])
  expect(field('version')).toBe('2026-10-28.endive')
})
