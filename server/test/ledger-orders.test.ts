import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { receiveEvent } from '../src/billing/index.ts'
import { onRealPostgres, testDatabase } from './support/database.ts'
import { lastStanding, lives, type Life } from './support/lives.ts'
import { heldBy, makeCustomer, makePricedPlan } from './support/webhooks.ts'

// Whatever the order in which the provider's news of a life arrive, and however often, the end is the same.

/**
 * Orders of each life, the one that it was lived in among them. The local database takes a third of a second for one, a real
 * PostgreSQL (TEST_DATABASE_URL, as in `.ci/run`) a tenth: there they are many.
 */
const orders = Number(process.env.LEDGER_ORDERS ?? (onRealPostgres ? 8 : 3))

const db = await testDatabase()
const supporter = await makePricedPlan(db)
const patron = await makePricedPlan(db, { monthly: 1200, includes: [supporter.id] })

/** A life of somebody new, received in the order that is given by the places of its events. */
async function liveThrough(number: number, places: (life: Life) => readonly number[]) {
  const { member, customer } = await makeCustomer(db, 'https://issuer.test/')
  const life = lives[number]?.({ customer, supporter: supporter.price, patron: patron.price })
  if (!life) throw new Error('no such life')
  const now = new Date()
  for (const place of places(life)) {
    await receiveEvent(db, life.events[place], {
      graceMilliseconds: 7 * 86_400_000,
      livemode: false,
      receivedAt: now,
      now,
    })
  }
  const ids = life.events.map((event) => event.id)
  const [held, rows, waiting, next] = await Promise.all([
    heldBy(db, member.id),
    db.billingEvent.count({ where: { id: { in: ids } } }),
    db.billingEvent.count({ where: { id: { in: ids }, outcome: 'PENDING' } }),
    db.billingSubscription.findMany({
      where: { customerId: customer },
      select: { providerStatus: true, priceId: true, nextPlanId: true, nextInterval: true, nextChangeAt: true },
    }),
  ])
  return { state: { held, next }, rows, waiting, events: life.events.length }
}

const inOrder = (life: Life): number[] => life.events.map((_, place) => place)

test.each(lives.map((_, number) => number))(
  `life %i: ${orders} orders, with repetitions, end in the same state`,
  async (number) => {
    const lived = await liveThrough(number, inOrder)
    expect(lived.state.held).toHaveLength(1)
    const standing = lastStanding[number - lives.length + lastStanding.length]
    if (standing) {
      const plans = { supporter: supporter.id, patron: patron.id }
      expect(lived.state.held).toMatchObject([{ planId: plans[standing[0]], status: standing[1] }])
    }
    const places = inOrder({ title: '', events: Array.from({ length: lived.events }) as never })
    const anyOrder = fc
      .shuffledSubarray(places, { minLength: places.length })
      .chain((order) => fc.array(fc.constantFrom(...places), { maxLength: 3 }).map((again) => [...order, ...again]))
    for (const order of fc.sample(anyOrder, { numRuns: orders - 1, seed: 7 + number })) {
      const { state, rows, waiting, events } = await liveThrough(number, () => order)
      expect({ order, state }).toEqual({ order, state: lived.state })
      expect({ rows, waiting }).toEqual({ rows: events, waiting: 0 })
    }
  },
)
