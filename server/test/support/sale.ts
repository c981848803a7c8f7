import { afterAll } from '@jest/globals'
import type Stripe from 'stripe'
import { applySync, planSyncOf } from '../../src/billing/index.ts'
import { listenForChanges } from '../../src/db/index.ts'
import { parseSettings } from '../../src/env.ts'
import { jobsChannel, type Worker } from '../../src/jobs/index.ts'
import { createClock, type Clock } from '../../src/lib/clock.ts'
import { createLogger } from '../../src/lib/logger.ts'
import { memberChangedChannel } from '../../src/membership/index.ts'
import { createPublicationWorker } from '../../src/publication-jobs.ts'
import { startTestApp, type Answer, type TestApp } from './app.ts'
import { testDatabaseUrl } from './database.ts'
import { makeMember, makePlan, type MadeMember, type MadePlan } from './factories.ts'
import { freePorts } from './free-ports.mjs'
import { startProvider } from './provider.ts'

// The server with something to sell: the local payment provider in memory, which tells the server what happens.

export interface Sale extends TestApp {
  readonly stripe: Stripe
  /** A member with a token. */
  readonly buyer: () => Promise<Buyer>
  /** Makes plans and brings them to the provider. */
  readonly sell: (...plans: NewPlan[]) => Promise<MadePlan[]>
  /** Pays on the provider's page, with a test card. @returns where one is sent; empty when the card is not taken */
  readonly pay: (address: string, card?: string) => Promise<string>
  /** Lets so many days pass, for the provider and for the server. */
  readonly passDays: (days: number) => Promise<void>
  /** Moves business time on, for both; whole milliseconds. */
  readonly pass: (milliseconds: number) => Promise<void>
  readonly clock: Clock
  /** Where the provider is. */
  readonly provider: string
  /** One of the provider's local controls. */
  readonly control: (path: string, body: object) => Promise<any>
  /** Holds back what the provider tells, or lets it out. */
  readonly holdNews: (held: boolean) => Promise<void>
}

export type NewPlan = Parameters<typeof makePlan>[1] & { readonly yearly?: number; readonly trialDays?: number }

export interface Buyer extends MadeMember {
  readonly token: string
  readonly ask: (query: string, variables?: Record<string, unknown>) => Promise<Answer>
}

export const visa = '4242424242424242'
/** Pays once, and never again. */
export const failsLater = '4000000000000341'

/** @param runsJobs whether a worker runs beside the server; default true */
export async function startSale({ runsJobs = true }: { readonly runsJobs?: boolean } = {}): Promise<Sale> {
  const [port = 0, paymentsPort = 0] = await freePorts(2)
  const { base, stripe, control } = await startProvider(paymentsPort, `http://127.0.0.1:${port}/webhooks/stripe`)
  let ahead = 0
  const clock = createClock(() => ahead)
  const app = await startTestApp({ port, clock, env: { STRIPE_API_BASE: base } })
  const { db, issuer } = app
  listenBeside(app, runsJobs ? await startJobs(app, clock, base) : null)

  async function pass(milliseconds: number): Promise<void> {
    // The server first: what it then hears of has happened.
    ahead += milliseconds
    await control('clock', { advanceMilliseconds: milliseconds })
  }

  return {
    ...app,
    stripe,
    clock,
    provider: base,
    control,
    pass,
    async buyer() {
      const member = await makeMember(db, { issuer: issuer.url })
      const token = issuer.sign({ sub: member.subject })
      return { ...member, token, ask: (query, variables = {}) => app.ask(query, { token, variables }) }
    },
    async sell(...plans) {
      const made: MadePlan[] = []
      for (const plan of plans) made.push(await makeSoldPlan(app, plan))
      const now = clock.business()
      const mine = new Set(made.map(({ id }) => id))
      // Other tests of this database have plans of their own.
      const steps = (await planSyncOf(db, stripe, now)).filter((step) => 'plan' in step && mine.has(step.plan.planId))
      await applySync({ db, stripe, steps, now })
      return made
    },
    async pay(address, card = visa) {
      const fields = { do: 'pay', number: card, expiry: '12/99', cvc: '123', name: 'Ada King' }
      const answer = await fetch(address, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })
      return answer.headers.get('location') ?? ''
    },
    passDays: (days) => pass(days * 86_400_000),
    holdNews: async (held) => {
      await control('webhooks', { paused: held })
      if (!held) await control('webhooks/flush', {})
    },
  }
}

async function startJobs({ db, metrics }: TestApp, clock: Clock, base: string): Promise<Worker> {
  const settings = parseSettings({ NODE_ENV: 'test', DATABASE_URL: testDatabaseUrl(), STRIPE_API_BASE: base })
  const worker = createPublicationWorker({ settings, db, clock, metrics, log: createLogger('silent') })
  await worker.start()
  afterAll(() => worker.stop())
  return worker
}

/** Passes the database's notifications on, as the server's process does. */
function listenBeside({ changes }: TestApp, worker: Worker | null): void {
  const feed = listenForChanges({
    connection: { connectionString: testDatabaseUrl() },
    channels: [memberChangedChannel, jobsChannel],
    onChange: (channel, payload) => (channel === jobsChannel ? worker?.wake(payload) : changes.publish(payload)),
    onConnected: () => changes.publishAll(),
    onLost: () => undefined,
  })
  afterAll(() => feed.stop())
}

async function makeSoldPlan({ db }: TestApp, { yearly, trialDays = 0, ...options }: NewPlan): Promise<MadePlan> {
  const plan = await makePlan(db, options)
  if (trialDays > 0) await db.plan.update({ where: { id: plan.id }, data: { trialDays } })
  if (yearly !== undefined) {
    await db.planPrice.create({ data: { planId: plan.id, interval: 'YEARLY', amountMinor: yearly, currency: 'EUR' } })
  }
  return plan
}

/** Asks again until an answer is as it should be, for what comes by itself a moment later. */
export async function eventually<T>(
  ask: () => Promise<T>,
  isSo: (answer: T) => boolean,
  everyMilliseconds = 100,
): Promise<T> {
  const giveUp = Date.now() + 45_000
  for (;;) {
    const answer = await ask()
    if (isSo(answer)) return answer
    if (Date.now() > giveUp) throw new Error(`it did not come to be: ${JSON.stringify(answer)}`)
    await new Promise((resolve) => setTimeout(resolve, everyMilliseconds))
  }
}

export const startCheckout = (buyer: Buyer, plan: string, interval = 'MONTHLY', returnTo = '/account/') =>
  buyer.ask(
    `mutation ($plan: String!, $interval: BillingInterval!, $returnTo: String!) {
      startCheckout(plan: $plan, interval: $interval, returnTo: $returnTo) { url }
    }`,
    { plan, interval, returnTo },
  )

/** Buys a plan and waits until the server knows. */
export async function subscribe(sale: Sale, buyer: Buyer, plan: string, card = visa): Promise<void> {
  const { data } = await startCheckout(buyer, plan)
  await sale.pay(data.startCheckout.url, card)
  await eventually(
    () =>
      sale.db.membership.count({
        where: { memberId: buyer.id, source: 'PAYMENT', status: { in: ['ACTIVE', 'TRIALING'] } },
      }),
    (count) => count === 1,
  )
}

/** What went wrong, shortly: code and message of the first error. */
export const refusal = ({ errors }: Answer): [string?, string?] =>
  errors ? [errors[0]?.extensions.code, errors[0]?.message] : []
