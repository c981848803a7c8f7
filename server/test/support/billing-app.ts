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
import { eventually } from './eventually.ts'
import { startTestApp, type Answer, type TestApp } from './app.ts'
import { testDatabaseUrl } from './database.ts'
import { makeMember, makePlan, type MadeMember, type MadePlan } from './factories.ts'
import { freePorts } from './free-ports.mjs'
import { startProvider } from './provider.ts'

// Starts the server with the local payment provider in memory, which sends it webhooks.

export interface BillingApp extends TestApp {
  readonly stripe: Stripe
  /** Creates a member with a token. */
  readonly buyer: () => Promise<Buyer>
  /** Creates plans and syncs them to the provider. */
  readonly sell: (...plans: NewPlan[]) => Promise<MadePlan[]>
  /** Pays on the provider's page with a test card. @returns the return address, or an empty string if the card is declined */
  readonly pay: (address: string, card?: string) => Promise<string>
  /** Moves business time forward by days, for the provider and the server. */
  readonly passDays: (days: number) => Promise<void>
  /** Moves business time forward for both. Whole milliseconds. */
  readonly pass: (milliseconds: number) => Promise<void>
  readonly clock: Clock
  /** The provider's address. */
  readonly provider: string
  /** Calls one of the provider's local controls. */
  readonly control: (path: string, body: object) => Promise<any>
  /** Holds back the provider's webhooks, or delivers them. */
  readonly holdWebhooks: (held: boolean) => Promise<void>
}

export type NewPlan = Parameters<typeof makePlan>[1] & { readonly yearly?: number; readonly trialDays?: number }

export interface Buyer extends MadeMember {
  readonly token: string
  readonly ask: (query: string, variables?: Record<string, unknown>) => Promise<Answer>
}

export const visa = '4242424242424242'
/** A test card whose first payment succeeds and whose later ones fail. */
export const failsLater = '4000000000000341'

/** Starts the server and the provider. @param runsJobs whether a worker runs beside the server; default true */
export async function startBillingApp({ runsJobs = true }: { readonly runsJobs?: boolean } = {}): Promise<BillingApp> {
  const [port = 0, paymentsPort = 0] = await freePorts(2)
  const { base, stripe, control } = await startProvider(paymentsPort, `http://127.0.0.1:${port}/webhooks/stripe`)
  let ahead = 0
  const clock = createClock(() => ahead)
  const app = await startTestApp({ port, clock, env: { STRIPE_API_BASE: base } })
  const { db, issuer } = app
  listenBeside(app, runsJobs ? await startJobs(app, clock, base) : null)

  async function pass(milliseconds: number): Promise<void> {
    // The server's clock first, so that events are not in its future.
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
      // The database may have plans of other tests.
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
    holdWebhooks: async (held) => {
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

/** Forwards the database's notifications, as the server process does. */
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

export const startCheckout = (buyer: Buyer, plan: string, interval = 'MONTHLY', returnTo = '/account/') =>
  buyer.ask(
    `mutation ($plan: String!, $interval: BillingInterval!, $returnTo: String!) {
      startCheckout(plan: $plan, interval: $interval, returnTo: $returnTo) { url }
    }`,
    { plan, interval, returnTo },
  )

/** Buys a plan and waits until the server has applied the webhook. */
export async function subscribe(billingApp: BillingApp, buyer: Buyer, plan: string, card = visa): Promise<void> {
  const { data } = await startCheckout(buyer, plan)
  await billingApp.pay(data.startCheckout.url, card)
  await eventually(
    () =>
      billingApp.db.membership.count({
        where: { memberId: buyer.id, source: 'PAYMENT', status: { in: ['ACTIVE', 'TRIALING'] } },
      }),
    (count) => count === 1,
  )
}

/** Returns code and message of the first error. */
export const refusal = ({ errors }: Answer): [string?, string?] =>
  errors ? [errors[0]?.extensions.code, errors[0]?.message] : []
