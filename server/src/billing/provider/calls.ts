import Stripe from 'stripe'
import type { z } from 'zod'
import type { PaymentSettings } from '../../env.ts'
import { CodedError } from '../../lib/errors.ts'
import { createProviderClient, type Budget } from './http-client.ts'
import { misfitOf } from './values.ts'

/** What this code was written for. Named, so that a change of the account's default changes nothing here. */
export const apiVersion = '2026-10-28.endive'

/** How long a reader waits for the answer of whatever is changed, in milliseconds: all requests of one answer together. */
export const requestBudgetMilliseconds = 8_000

/** How long the request that could not finish a change may then take to take it back, in milliseconds. */
export const undoBudgetMilliseconds = 3_000

/** For what is only shown: the page is worth more without it than late. */
export const whenReading = { timeout: 3_000 } as const

/**
 * Makes the provider's own client, to Stripe or to the local double that speaks its language.
 *
 * @param budget of all its requests together; without one each may take eight seconds, with its retries
 */
export function createStripe(
  { secretKey, apiBase }: Pick<PaymentSettings, 'secretKey' | 'apiBase'>,
  budget?: Budget,
): Stripe {
  return new Stripe(secretKey, {
    apiVersion,
    httpClient: createProviderClient(Stripe.createNodeHttpClient(), budget),
    // The HTTP client retries, within its budget.
    maxNetworkRetries: 0,
    timeout: requestBudgetMilliseconds,
    telemetry: false,
    appInfo: { name: 'Gatepost' },
    ...(apiBase && {
      host: apiBase.hostname,
      port: apiBase.port || (apiBase.protocol === 'https:' ? '443' : '80'),
      protocol: apiBase.protocol === 'https:' ? 'https' : 'http',
    }),
  })
}

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

/** What is read of an answer: a schema of `provider-answers.ts`. The types of the SDK say what should come, not what came. */
type Shape<T> = z.ZodType<T>

/** Reads an object of the provider. @throws ProviderFault for one that does not fit, without its content */
export function understood<T>(found: unknown, shape: Shape<T>): T {
  const parsed = shape.safeParse(found)
  if (parsed.success) return parsed.data
  throw new ProviderFault(`a response of the payment provider ${misfitOf(parsed.error)}`)
}

/** Waits for the provider. @throws what `billingFailure` makes of its errors; ProviderFault likewise */
export async function parseAnswer<T>(asked: Promise<unknown>, shape: Shape<T>): Promise<T> {
  return understood(await asked.catch(rethrown), shape)
}

/** Waits for the provider to do something whose answer is not read. @throws what `billingFailure` makes of its errors */
export async function done(asked: Promise<unknown>): Promise<void> {
  await asked.catch(rethrown)
}

/** Waits for the provider; null for an object that it does not have, or no longer. */
export async function answerUnlessGone<T>(asked: Promise<unknown>, shape: Shape<T>): Promise<T | null> {
  return unless(isMissing, asked, null, shape)
}

/** The same for what may be refused with good reason: `refused` instead of a bug. */
export async function answerOrRefusal<T>(asked: Promise<unknown>, shape: Shape<T>): Promise<T | 'refused'> {
  return unless(isRefusal, asked, 'refused', shape)
}

async function unless<T, E>(
  isExpected: (error: unknown) => boolean,
  asked: Promise<unknown>,
  instead: E,
  shape: Shape<T>,
): Promise<T | E> {
  try {
    return understood(await asked, shape)
  } catch (error) {
    if (isExpected(error)) return instead
    return rethrown(error)
  }
}

function rethrown(error: unknown): never {
  throw billingFailure(error)
}

/**
 * Whether the provider refused a request because an object that it names does not exist there. An object of the other mode exists:
 * the key is the wrong one.
 */
const isMissing = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeInvalidRequestError &&
  error.code === 'resource_missing' &&
  !/similar object exists in/i.test(error.message)

const isRefusal = (error: unknown): boolean => error instanceof Stripe.errors.StripeInvalidRequestError

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
