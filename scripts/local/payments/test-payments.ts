import { afterAll } from '@jest/globals'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import Stripe from 'stripe'
import { freePort } from '../../../server/test/support/free-ports.mjs'
import { startPaymentServer, type PaymentServer } from './server.ts'
import type { PaymentSettings } from './settings.ts'

// Helpers of the tests in this folder: the provider in memory, the SDK, a receiver of webhooks, and forms.

export const webhookSecret = 'whsec_test'
const secretKey = 'sk_test_double'
export const daySeconds = 86_400

export interface Running {
  readonly stripe: Stripe
  readonly url: string
  readonly port: number
  readonly server: PaymentServer
  close(): Promise<void>
}

/** Starts the provider on a free port, in memory unless a folder is given. */
export async function startPayments(changes: Partial<PaymentSettings> = {}): Promise<Running> {
  const port = changes.port ?? (await freePort())
  const server = await startPaymentServer({
    port,
    folder: null,
    secretKey,
    webhookSecret,
    webhookUrl: null,
    siteOrigins: ['http://localhost:8000'],
    ...changes,
  })
  return { stripe: sdk(port), url: `http://127.0.0.1:${port}`, port, server, close: () => server.close() }
}

/** Starts a payment provider with plans for a test file. It closes after the last test. */
export async function startWithPlans(): Promise<{ readonly running: Running; readonly plans: Plans }> {
  const running = await startPayments()
  afterAll(() => running.close())
  return { running, plans: await makePlans(running.stripe) }
}

export const sdk = (port: number, key = secretKey, maxNetworkRetries = 0): Stripe =>
  new Stripe(key, {
    host: '127.0.0.1',
    port,
    protocol: 'http',
    apiVersion: '2026-10-28.endive',
    maxNetworkRetries,
    telemetry: false,
  })

/** Sends a request to the local controls. */
export async function control(url: string, path: string, body?: unknown): Promise<any> {
  const response = await fetch(`${url}/_local/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  const answer: unknown = await response.json()
  if (!response.ok) throw new Error(JSON.stringify(answer))
  return answer
}

/** Moves the clock by days, or to an instant. */
export const moveTo = (url: string, to: Date | string) => control(url, 'clock', { to: new Date(to).toISOString() })
export const moveDays = (url: string, days: number) =>
  control(url, 'clock', { advanceMilliseconds: Math.round(days * daySeconds * 1000) })

export interface Plans {
  readonly supporter: Stripe.Price
  readonly patron: Stripe.Price
  readonly patronYearly: Stripe.Price
}

/** Creates two plans, one of them monthly and yearly. */
export async function makePlans(stripe: Stripe): Promise<Plans> {
  const make = async (name: string, unit_amount: number, interval: 'month' | 'year') => {
    const product = await stripe.products.create({ name })
    return stripe.prices.create({ product: product.id, currency: 'usd', unit_amount, recurring: { interval } })
  }
  return {
    supporter: await make('Supporter', 500, 'month'),
    patron: await make('Patron', 1500, 'month'),
    patronYearly: await make('Patron yearly', 15_000, 'year'),
  }
}

export interface Payer {
  readonly id: string
  /** Id of the card. */
  readonly card: string
}

/** Creates a customer with a card of Stripe's test mode. */
export async function makePayer(stripe: Stripe, token = 'pm_card_visa'): Promise<Payer> {
  const { id } = await stripe.customers.create({ email: 'ada@example.test', name: 'Ada King' })
  return { id, card: (await stripe.paymentMethods.attach(token, { customer: id })).id }
}

/** Returns the parameters of a subscription. */
export const subscriptionOf = ({ id, card }: Payer, price: { readonly id: string }) => ({
  customer: id,
  default_payment_method: card,
  items: [{ price: price.id }],
})

export const itemOf = (subscription: Stripe.Subscription): Stripe.SubscriptionItem => {
  const [item] = subscription.items.data
  if (!item) throw new Error('no item')
  return item
}

/** Returns the error of a request. @throws Error if it succeeds */
export const refusal = (work: Promise<unknown>): Promise<Stripe.errors.StripeError> =>
  work.then(
    () => {
      throw new Error('it was not refused')
    },
    (error: Stripe.errors.StripeError) => error,
  )

/** Sends a form as a browser does. Does not follow redirects. */
export async function submit(address: string, fields: Record<string, string>) {
  const response = await fetch(address, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })
  return { status: response.status, location: response.headers.get('location') ?? '', html: await response.text() }
}

export const cardFields = (number = '4242424242424242') => ({
  do: 'pay',
  number,
  expiry: '12/99',
  cvc: '123',
  name: 'Ada King',
})

export interface Receiver {
  readonly url: string
  readonly received: { event: Stripe.Event; body: string; headers: IncomingHttpHeaders }[]
  /** Returns the status of its answer. Default: 200. */
  answer: (count: number) => number
  close(): void
}

/** Starts a receiver that stores webhooks. */
export async function startReceiver(): Promise<Receiver> {
  const received: Receiver['received'] = []
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      received.push({ event: JSON.parse(body) as Stripe.Event, body, headers: request.headers })
      response.writeHead(receiver.answer(received.length)).end()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}/webhooks`,
    received,
    answer: () => 200,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
  return receiver
}
