import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { receiveEvent } from '../src/billing/index.ts'
import { onRealPostgres, testDatabase } from './support/database.ts'
import { lastFinalStates, subscriptionHistories, type SubscriptionHistory } from './support/subscription-histories.ts'
import { heldBy, makeCustomer, makePricedPlan } from './support/webhooks.ts'

// The events of a subscription lead to the same state in every order and with repetitions.

/**
 * Number of orders per history, including the original one. An order takes a third of a second on the local database and a tenth on
 * a real PostgreSQL (TEST_DATABASE_URL, as in `.ci/run`).
 */
const orders = Number(process.env.LEDGER_ORDERS ?? (onRealPostgres ? 8 : 3))

const db = await testDatabase()
const supporter = await makePricedPlan(db)
const patron = await makePricedPlan(db, { monthly: 1200, includes: [supporter.id] })

/** Delivers a history of a new customer in a given order of its events. */
async function receiveHistory(number: number, places: (history: SubscriptionHistory) => readonly number[]) {
  const { member, customer } = await makeCustomer(db, 'https://issuer.test/')
  const history = subscriptionHistories[number]?.({ customer, supporter: supporter.price, patron: patron.price })
  if (!history) throw new Error('unknown history')
  const now = new Date()
  for (const place of places(history)) {
    await receiveEvent(db, history.events[place], {
      graceMilliseconds: 7 * 86_400_000,
      livemode: false,
      receivedAt: now,
      now,
    })
  }
  const ids = history.events.map((event) => event.id)
  const [held, rows, waiting, next] = await Promise.all([
    heldBy(db, member.id),
    db.billingEvent.count({ where: { id: { in: ids } } }),
    db.billingEvent.count({ where: { id: { in: ids }, outcome: 'PENDING' } }),
    db.billingSubscription.findMany({
      where: { customerId: customer },
      select: { providerStatus: true, priceId: true, nextPlanId: true, nextInterval: true, nextChangeAt: true },
    }),
  ])
  return { state: { held, next }, rows, waiting, events: history.events.length }
}

const inOrder = (history: SubscriptionHistory): number[] => history.events.map((_, place) => place)

test.each(subscriptionHistories.map((_, number) => number))(
  `history %i: ${orders} orders, with repetitions, end in the same state`,
  async (number) => {
    const lived = await receiveHistory(number, inOrder)
    expect(lived.state.held).toHaveLength(1)
    const standing = lastFinalStates[number - subscriptionHistories.length + lastFinalStates.length]
    if (standing) {
      const plans = { supporter: supporter.id, patron: patron.id }
      expect(lived.state.held).toMatchObject([{ planId: plans[standing[0]], status: standing[1] }])
    }
    const places = inOrder({ title: '', events: Array.from({ length: lived.events }) as never })
    const anyOrder = fc
      .shuffledSubarray(places, { minLength: places.length })
      .chain((order) => fc.array(fc.constantFrom(...places), { maxLength: 3 }).map((again) => [...order, ...again]))
    for (const order of fc.sample(anyOrder, { numRuns: orders - 1, seed: 7 + number })) {
      const { state, rows, waiting, events } = await receiveHistory(number, () => order)
      expect({ order, state }).toEqual({ order, state: lived.state })
      expect({ rows, waiting }).toEqual({ rows: events, waiting: 0 })
    }
  },
)
