import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { event, subscription } from '../../../../test/support/provider-events.ts'
import { foldCustomer } from './fold.ts'
import { ledgerEntry } from '../ledger-entry.ts'

const start = 1_790_000_000
const month = start + 30 * 86_400
const base = { id: 'sub_1', customer: 'cus_1', price: 'price_supporter', start, periodEnd: month }
const options = {
  planOfPrice: (price: string) => ({ price_supporter: 'supporter', price_patron: 'patron' })[price],
  isPlan: () => false,
  graceMilliseconds: 0,
}

type Fields = Record<string, unknown>
const subscriptionEvent = (kind: string, created: number, fields: Fields = {}, previous?: Fields) =>
  event(`customer.subscription.${kind}`, subscription({ ...base, ...fields }), {
    created,
    ...(previous && { previous }),
  })
const only = (events: readonly unknown[]) => foldCustomer(events.map(ledgerEntry), options).subscriptions[0]

const schedule = {
  object: 'subscription_schedule',
  id: 'sub_sched_1',
  customer: 'cus_1',
  subscription: 'sub_1',
  status: 'active',
  phases: [
    { start_date: start, end_date: month, items: [{ price: 'price_patron' }] },
    { start_date: month, end_date: null, items: [{ price: 'price_supporter' }] },
  ],
}

test('a schedule sets the next plan', () => {
  const scheduled = subscriptionEvent(
    'updated',
    start + 1,
    { schedule: 'sub_sched_1', price: 'price_patron' },
    { schedule: null },
  )
  const events = [
    subscriptionEvent('created', start),
    scheduled,
    event('subscription_schedule.updated', schedule, { created: start + 1 }),
  ]
  expect(only(events)?.next).toEqual({ priceId: 'price_supporter', at: new Date(month * 1000) })
  const released = event('subscription_schedule.released', { ...schedule, status: 'released' }, { created: start + 1 })
  expect(only([...events, released])?.next).toBeNull()
})

test.each([
  ['with an event of the subscription', true, false],
  ['without an event of the subscription', false, false],
  ['with an event of a subscription that began in that second', true, true],
  ['without an event of a subscription that began in that second', false, true],
])('an immediate change within the same second replaces a scheduled one: release %s', (_title, isSent, isNew) => {
  const second = start + 5
  const before = { status: 'trialing' }
  const { items } = subscription(base)
  const { items: patron } = subscription({ ...base, price: 'price_patron' })
  const changed = { ...before, price: 'price_patron' }
  const ofSecond = [
    subscriptionEvent('updated', second, { ...before, schedule: 'sub_sched_1' }, { schedule: null }),
    ...(isSent ? [subscriptionEvent('updated', second, before, { schedule: 'sub_sched_1' })] : []),
    subscriptionEvent('updated', second, changed, { items }),
    subscriptionEvent('updated', second, { ...changed, status: 'active' }, { items: patron, status: 'trialing' }),
    event('subscription_schedule.released', { ...schedule, status: 'released' }, { created: second }),
  ]
  const random = fc.array(fc.nat(), { minLength: ofSecond.length, maxLength: ofSecond.length })
  fc.assert(
    fc.property(random, fc.shuffledSubarray(ofSecond, { minLength: ofSecond.length }), (ids, arrived) => {
      const events = arrived.map((one, index) => ({ ...one, id: `evt_${ids[index]}_${index}` }))
      const state = only([subscriptionEvent('created', isNew ? second : start, before), ...events])
      expect(state).toMatchObject({ status: 'ACTIVE', planId: 'patron', scheduleId: null })
    }),
    { numRuns: 50 },
  )
})

test('a change by a schedule stays when the schedule is released', () => {
  const { items } = subscription(base)
  const entered = subscriptionEvent(
    'updated',
    start,
    { schedule: 'sub_sched_1', price: 'price_patron' },
    { schedule: null, items },
  )
  const released = event('subscription_schedule.released', { ...schedule, status: 'released' }, { created: start + 9 })
  expect(only([subscriptionEvent('created', start), entered, released])).toMatchObject({
    planId: 'patron',
    scheduleId: null,
  })
})
