import Stripe from 'stripe'
import { v7 as uuidv7 } from 'uuid'
import type { Database } from '../../src/db/index.ts'
import { localWebhookSecret } from '../../src/local/defaults.ts'
import type { TestApp } from './app.ts'
import { makeMember, makePlan, type MadeMember, type MadePlan } from './factories.ts'
import { send, type RawAnswer } from './http.ts'
import { id } from './provider-events.ts'

export interface DeliveryOptions {
  readonly secret?: string
  /** Wall time of the signature, in seconds. Default: now. */
  readonly signedAt?: number
  /** Overrides headers, including the signature. Null omits a header. */
  readonly headers?: Readonly<Record<string, string | null>>
}

/** Signs a body as the provider does. */
export const signature = (body: string, { secret = localWebhookSecret, signedAt }: DeliveryOptions = {}): string =>
  Stripe.webhooks.generateTestHeaderString({
    payload: body,
    secret,
    timestamp: signedAt ?? Math.floor(Date.now() / 1000),
  })

/** Sends an event as the provider does. */
export function deliver(app: Pick<TestApp, 'url'>, event: unknown, options: DeliveryOptions = {}): Promise<RawAnswer> {
  const body = typeof event === 'string' ? event : JSON.stringify(event)
  const headers: Record<string, string | null> = {
    'content-type': 'application/json; charset=utf-8',
    'stripe-signature': signature(body, options),
    ...options.headers,
  }
  const given = Object.entries(headers).filter((pair): pair is [string, string] => pair[1] !== null)
  return send(app, { path: '/webhooks/stripe', body, headers: Object.fromEntries(given) })
}

export interface Customer {
  readonly member: MadeMember
  readonly customer: string
}

/** Creates a member who is a customer of the provider. */
export async function makeCustomer(db: Database, issuer: string): Promise<Customer> {
  const member = await makeMember(db, { issuer })
  const customer = id('cus')
  await db.billingCustomer.create({ data: { customerId: customer, memberId: member.id, createdAt: new Date() } })
  return { member, customer }
}

export interface PricedPlan extends MadePlan {
  readonly price: string
}

/** Creates a plan on sale with a price at the provider. */
export async function makePricedPlan(db: Database, options: Parameters<typeof makePlan>[1] = {}): Promise<PricedPlan> {
  const plan = await makePlan(db, { monthly: 500, ...options })
  const price = id('price')
  await db.billingProduct.create({ data: { productId: id('prod'), planId: plan.id } })
  await db.billingPrice.create({
    data: {
      priceId: price,
      planId: plan.id,
      interval: 'MONTHLY',
      amountMinor: options.monthly ?? 500,
      currency: 'EUR',
    },
  })
  return { ...plan, price }
}

export interface Held {
  readonly planId: string
  readonly status: string
  readonly currentPeriodEnd: Date | null
  readonly cancelAtPeriodEnd: boolean
  readonly graceEndsAt: Date | null
  readonly endedAt: Date | null
}

/** Returns a member's paid memberships, including ended ones, earliest first. */
export function heldBy(db: Database, memberId: string): Promise<Held[]> {
  return db.membership.findMany({
    where: { memberId, source: 'PAYMENT' },
    orderBy: [{ startedAt: 'asc' }, { id: 'asc' }],
    select: {
      planId: true,
      status: true,
      currentPeriodEnd: true,
      cancelAtPeriodEnd: true,
      graceEndsAt: true,
      endedAt: true,
    },
  })
}

export const aUuid = (): string => uuidv7()
