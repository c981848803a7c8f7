import Stripe from 'stripe'
import { CodedError } from '../../lib/errors.ts'

/** What went wrong at the provider, as the log may hold it: no key, no address, nothing of the request's content. */
export class ProviderFault extends Error {}

/** What the bank said, for people. Any other reason is between them and their bank. */
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
 * An error of the provider's client as this server's own. A declined card is the reader's to mend, an outage is nobody's fault
 * and passes, and whatever is wrong with our request is a bug: masked, with its reason in the log. Anything else is handed
 * back as it is.
 */
export function billingFailure(error: unknown): unknown {
  if (!(error instanceof Stripe.errors.StripeError)) return error
  if (error instanceof Stripe.errors.StripeCardError) {
    const said = declines.get(error.decline_code ?? '') ?? declines.get(error.code ?? '') ?? 'The card was declined.'
    return new CodedError('CONFLICT', `${said} Nothing was changed.`)
  }
  const cause = faultOf(error)
  if (!isOutage(error)) return cause
  return new CodedError('SERVICE_UNAVAILABLE', 'The payment provider cannot be reached at the moment. Try again.', {
    cause,
  })
}

/**
 * Whether the provider refused a request because an object that it names does not exist there. An object of the other mode exists:
 * the key is the wrong one.
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

/** The provider's messages quote keys, in part, and addresses. */
function withoutSecrets(text: string): string {
  return text
    .replace(/\b(sk|rk|pk|whsec)_[\w*]+/g, '[key]')
    .replace(/\bhttps?:\/\/\S+/g, '[address]')
    .replace(/\b\d+(\.\d+){3}(:\d+)?\b/g, '[address]')
}
