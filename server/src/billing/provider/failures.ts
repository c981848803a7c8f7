import Stripe from 'stripe'
import { CodedError } from '../../lib/errors.ts'

/** A failure of the provider, safe to log. The message has no key, no address and no content of the request. */
export class ProviderFault extends Error {}

/** Messages for the decline codes that a reader can act on. Other reasons stay between the reader and the bank. */
const declines: ReadonlyMap<string, string> = new Map([
  ['insufficient_funds', 'The card was declined because of insufficient funds.'],
  ['expired_card', 'The card has expired.'],
  ['authentication_required', 'Your bank requires a confirmation. Enter the card again and confirm the payment.'],
  [
    'subscription_payment_intent_requires_action',
    'Your bank requires a confirmation. Enter the card again and confirm the payment.',
  ],
])

/**
 * Converts an error of the provider's client. A declined card becomes CONFLICT and an outage SERVICE_UNAVAILABLE. An invalid
 * request is a bug and becomes a ProviderFault, which is masked and logged. Other errors are returned unchanged.
 */
export function billingFailure(error: unknown): unknown {
  if (!(error instanceof Stripe.errors.StripeError)) return error
  if (error instanceof Stripe.errors.StripeCardError) {
    const reason = declines.get(error.decline_code ?? '') ?? declines.get(error.code ?? '') ?? 'The card was declined.'
    return new CodedError('CONFLICT', `${reason} Nothing was changed.`)
  }
  const cause = faultOf(error)
  if (!isOutage(error)) return cause
  return new CodedError('SERVICE_UNAVAILABLE', 'The payment provider cannot be reached at the moment. Try again.', {
    cause,
  })
}

/**
 * Returns whether a request failed because its object does not exist at the provider. An object of the other mode does exist: the
 * secret key is wrong then.
 */
export const isMissing = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeInvalidRequestError &&
  error.code === 'resource_missing' &&
  !/similar object exists in/i.test(error.message)

export const isRefusal = (error: unknown): boolean => error instanceof Stripe.errors.StripeInvalidRequestError

function isOutage(error: Stripe.errors.StripeError): boolean {
  if (error instanceof Stripe.errors.StripeConnectionError) return true
  return error instanceof Stripe.errors.StripeRateLimitError || error instanceof Stripe.errors.StripeAPIError
}

function faultOf(error: Stripe.errors.StripeError): ProviderFault {
  const { statusCode, code, param, requestId } = error
  const facts = Object.entries({ status: statusCode, code, param, request: requestId })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} ${value}`)
  return new ProviderFault(
    `${error.type}: ${withoutSecrets(error.message)}${facts.length ? ` (${facts.join(', ')})` : ''}`,
  )
}

/** Removes keys and addresses, which the provider's messages quote. */
function withoutSecrets(text: string): string {
  return text
    .replace(/\b(sk|rk|pk|whsec)_[\w*]+/g, '[key]')
    .replace(/\bhttps?:\/\/\S+/g, '[address]')
    .replace(/\b\d+(\.\d+){3}(:\d+)?\b/g, '[address]')
}
