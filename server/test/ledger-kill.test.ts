import { afterAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type Stripe from 'stripe'
import { differences, receiveEvent } from '../src/billing/index.ts'
import { onRealPostgres, testDatabase } from './support/database.ts'
import { makeMember } from './support/factories.ts'
import { freePorts } from './support/free-ports.mjs'
import { startTestIssuer } from './support/issuer.ts'
import { startProvider } from './support/provider.ts'
import { ended, startServer } from './support/server-process.ts'
import { deliver, makePricedPlan } from './support/webhooks.ts'

// W15: the server is killed several times during a stream of events. Acknowledged events are stored, and the others are sent again.

const seed = Number(process.env.KILL_SEED ?? 15)
/** Fewer on the local database, which is slower. */
const [events, kills] = onRealPostgres ? [500, 4] : [80, 1]
const lanes = 4
const day = 86_400_000
const graceMilliseconds = 7 * day

const db = await testDatabase()
const issuer = await startTestIssuer()
afterAll(() => issuer.stop())
const [port = 0, paymentsPort = 0] = await freePorts(2)
// The test delivers the events, so it knows which were acknowledged when the server was killed.
const { stripe, control } = await startProvider(paymentsPort, null)

const passDays = (days: number) => control('clock', { advanceMilliseconds: days * day })

/** Simulates a year of members at the provider without delivering the events. */
async function simulateYear(): Promise<{ readonly customers: string[]; readonly allEvents: Stripe.Event[] }> {
  const product = await stripe.products.create({ name: 'Supporter' })
  const recurring = { interval: 'month' } as const
  const price = await stripe.prices.create({ product: product.id, currency: 'eur', unit_amount: 500, recurring })
  const plan = await makePricedPlan(db)
  await db.billingPrice.update({ where: { priceId: plan.price }, data: { priceId: price.id } })
  const customers: string[] = []
  const subscriptions: string[] = []
  const subscribe = async (card: string) => {
    const customer = await stripe.customers.create({})
    const method = await stripe.paymentMethods.attach(card, { customer: customer.id })
    const fields = { customer: customer.id, default_payment_method: method.id, items: [{ price: price.id }] }
    subscriptions.push((await stripe.subscriptions.create(fields)).id)
    customers.push(customer.id)
    const { id } = await makeMember(db, { issuer: issuer.url })
    await db.billingCustomer.create({ data: { customerId: customer.id, memberId: id, createdAt: new Date() } })
  }
  const allEvents = async (): Promise<Stripe.Event[]> => {
    const all: Stripe.Event[] = []
    for await (const event of stripe.events.list({ limit: 100 })) all.push(event)
    return all.reverse()
  }
  for (let count = 0; count < 8; count += 1) await subscribe('pm_card_visa')
  for (let month = 0; (await allEvents()).length < events + 10; month += 1) {
    await passDays(month === 0 ? 3 : 31)
    const other = subscriptions[month]
    if (other && month % 2 === 0) await stripe.subscriptions.update(other, { cancel_at_period_end: true })
    if (other && month % 2 === 1) await stripe.subscriptions.cancel(other)
    await subscribe(month % 2 === 0 ? 'pm_card_chargeCustomerFail' : 'pm_card_visa')
  }
  return { customers, allEvents: await allEvents() }
}

/** Groups events by customer. Events that do not name one are assigned through the ids in other events. */
function byCustomer(allEvents: readonly Stripe.Event[], customers: readonly string[]): Map<string, Stripe.Event[]> {
  const owner = new Map(customers.map((customer) => [customer, customer]))
  const grouped = new Map<string, Stripe.Event[]>(customers.map((customer) => [customer, []]))
  for (const event of allEvents) {
    const ids = JSON.stringify(event.data.object).match(/\b(?:cus|in|pi|ch|sub)_\w+/g) ?? []
    const customer = ids.map((id) => owner.get(id)).find((found) => found !== undefined)
    for (const id of customer === undefined ? [] : ids) owner.set(id, customer as string)
    grouped.get(customer ?? '')?.push(event)
  }
  return grouped
}

const idsIn = (value: unknown): string[] => JSON.stringify(value).match(/\b(?:evt|cus|sub|prod|price)_\w+/g) ?? []

/** Returns the history of a customer's memberships, without the times of the changes. */
async function historyOf(customerId: string) {
  const { memberId } = await db.billingCustomer.findUniqueOrThrow({ where: { customerId } })
  const rows = await db.membershipChange.findMany({ where: { memberId }, orderBy: { id: 'asc' } })
  return rows.map(({ status, source, planId, currentPeriodEnd, graceEndsAt, endedAt, cancelAtPeriodEnd, cause }) => ({
    ...{ status, source, planId, currentPeriodEnd, graceEndsAt, endedAt, cancelAtPeriodEnd },
    cause: cause.replaceAll('_undisturbed', ''),
  }))
}

/** Returns the history after delivering the same events, with other ids, in order to a server that is not killed. */
async function stateWithoutKills(customer: string, allEvents: readonly Stripe.Event[]): Promise<string> {
  const { id } = await makeMember(db, { issuer: issuer.url })
  const twin = `${customer}_undisturbed`
  await db.billingCustomer.create({ data: { customerId: twin, memberId: id, createdAt: new Date() } })
  for (const event of allEvents) {
    const text = JSON.stringify(event).replace(/"((?:evt|cus|sub|in|pi|ch|inpay)_\w+)"/g, '"$1_undisturbed"')
    const now = new Date(event.created * 1000)
    await receiveEvent(db, JSON.parse(text), { graceMilliseconds, livemode: false, receivedAt: new Date(), now })
  }
  return twin
}

test(`W15 ${kills} kills during ${events} events: each counts once`, async () => {
  const { customers, allEvents } = await simulateYear()
  const grouped = byCustomer(allEvents, customers)
  const delivered = [...grouped.values()].flat().map(({ id }) => id)
  expect(delivered.length).toBeGreaterThanOrEqual(events)

  const spread = fc.integer({ min: 1, max: Math.floor(allEvents.length / (kills + 1)) })
  const [plan = []] = fc.sample(
    fc.array(fc.tuple(spread, fc.integer({ min: 0, max: 25 })), { minLength: kills, maxLength: kills }),
    { numRuns: 1, seed },
  )
  const settings = { PORT: String(port), PAYMENTS_PORT: String(paymentsPort), LOG_LEVEL: 'error' }
  let server = await startServer(issuer, settings)
  let [answered, nextKill, killed, cutOff] = [0, plan[0]?.[0] ?? 0, 0, 0]
  let back: Promise<void> | null = null

  async function killAndStart(delay: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, delay))
    const gone = ended(server.child)
    server.child.kill('SIGKILL')
    await gone
    killed += 1
    nextKill = answered + (plan[killed]?.[0] ?? 0)
    server = await startServer(issuer, settings)
  }

  /** Delivers an event until it is accepted, with pauses, as the provider does. Sometimes it repeats an accepted event. */
  async function tell(event: Stripe.Event): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      if (tries > 500) throw new Error(`${event.id} was never taken`)
      const answer = await deliver(server, JSON.stringify(event, null, 2)).catch(() => null)
      if (answer?.status === 200) break
      if (answer !== null) expect(answer.status).toBe(503)
      cutOff += tries === 0 ? 1 : 0
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    answered += 1
    if (killed < kills && back === null && answered >= nextKill) {
      back = killAndStart(plan[killed]?.[1] ?? 0).finally(() => (back = null))
    }
  }

  // In order for each customer, several customers concurrently.
  const queue = [...grouped.values()]
  const lane = async (): Promise<void> => {
    for (let news = queue.shift(); news; news = queue.shift()) {
      for (const [index, event] of news.entries()) {
        await tell(event)
        if (index % 10 === 9) await tell(event)
      }
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  // Waits for a restart that the last delivery has caused.
  await Promise.resolve(back)
  expect(killed).toBe(kills)
  expect(cutOff).toBeGreaterThanOrEqual(kills)

  const rows = await db.billingEvent.findMany({ where: { id: { in: delivered } }, select: { id: true, outcome: true } })
  expect(rows.length).toBe(new Set(delivered).size)
  expect(rows.filter(({ outcome }) => outcome === 'PENDING')).toEqual([])
  for (const [customer, news] of grouped) {
    const history = await historyOf(customer)
    expect(history.length).toBeGreaterThan(0)
    expect({ customer, history }).toEqual({
      customer,
      history: await historyOf(await stateWithoutKills(customer, news)),
    })
  }
  const found: string[] = []
  const now = new Date(((await stripe.events.list({ limit: 1 })).data[0]?.created ?? 0) * 1000)
  const clocks = { wallNow: () => new Date(), businessNow: () => now }
  // Rows of other tests are unknown to this provider. Its own events cover everything that this test created.
  const options = { db, stripe, graceMilliseconds, livemode: false, since: new Date(0), manyGone: true, ...clocks }
  const own = new Set(idsIn(allEvents))
  for await (const { what } of differences(options)) {
    const named = idsIn(what)
    // Events of other tests in another mode are counted, not listed.
    const isOfOthers = /kept without being read/.test(what)
    if (named.length === 0 ? !isOfOthers : named.some((id) => own.has(id))) found.push(what)
  }
  const unread = await db.billingEvent.findMany({
    where: { id: { in: delivered }, outcome: 'IGNORED' },
    select: { note: true },
  })
  expect(unread.filter(({ note }) => note !== 'of a type that changes nothing')).toEqual([])
  expect(found).toEqual([])
}, 180_000)
