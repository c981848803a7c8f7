import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { event, subscription } from '../../../../test/support/provider-events.ts'
import { foldCustomer } from './fold.ts'
import { ledgerEntry } from '../ledger-entry.ts'

const start = 1_790_000_000
const month = start + 30 * 86_400
const base = { id: 'sub_1', customer: 'cus_1', price: 'price_supporter', start, periodEnd: month }
const names = {
  planOfPrice: (price: string) => ({ price_supporter: 'supporter', price_patron: 'patron' })[price],
  isPlan: () => false,
  graceMilliseconds: 0,
}

type Fields = Record<string, unknown>
const news = (kind: string, created: number, fields: Fields = {}, previous?: Fields) =>
  event(`customer.subscription.${kind}`, subscription({ ...base, ...fields }), {
    created,
    ...(previous && { previous }),
  })
const only = (events: readonly unknown[]) => foldCustomer(events.map(ledgerEntry), names).subscriptions[0]

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

test('a schedule says what comes next', () => {
  const scheduled = news('updated', start + 1, { schedule: 'sub_sched_1', price: 'price_patron' }, { schedule: null })
  const events = [
    news('created', start),
    scheduled,
    event('subscription_schedule.updated', schedule, { created: start + 1 }),
  ]
  expect(only(events)?.next).toEqual({ priceId: 'price_supporter', at: new Date(month * 1000) })
  const released = event('subscription_schedule.released', { ...schedule, status: 'released' }, { created: start + 1 })
  expect(only([...events, released])?.next).toBeNull()
})

test.each([
  ['told of the subscription', true, false],
  ['not told of the subscription', false, false],
  ['told of the subscription, which began in that second', true, true],
  ['not told of the subscription, which began in that second', false, true],
])(
  'a change to come that a change at once replaced within a second is past: the release is %s',
  (_title, told, young) => {
    const second = start + 5
    const before = { status: 'trialing' }
    const { items } = subscription(base)
    const { items: patron } = subscription({ ...base, price: 'price_patron' })
    const changed = { ...before, price: 'price_patron' }
    const ofSecond = [
      news('updated', second, { ...before, schedule: 'sub_sched_1' }, { schedule: null }),
      ...(told ? [news('updated', second, before, { schedule: 'sub_sched_1' })] : []),
      news('updated', second, changed, { items }),
      news('updated', second, { ...changed, status: 'active' }, { items: patron, status: 'trialing' }),
      event('subscription_schedule.released', { ...schedule, status: 'released' }, { created: second }),
    ]
    const random = fc.array(fc.nat(), { minLength: ofSecond.length, maxLength: ofSecond.length })
    fc.assert(
      fc.property(random, fc.shuffledSubarray(ofSecond, { minLength: ofSecond.length }), (ids, arrived) => {
        const events = arrived.map((one, index) => ({ ...one, id: `evt_${ids[index]}_${index}` }))
        const state = only([news('created', young ? second : start, before), ...events])
        expect(state).toMatchObject({ status: 'ACTIVE', planId: 'patron', scheduleId: null })
      }),
      { numRuns: 50 },
    )
  },
)

test('what changed with a schedule stays when the schedule is released', () => {
  const { items } = subscription(base)
  const entered = news('updated', start, { schedule: 'sub_sched_1', price: 'price_patron' }, { schedule: null, items })
  const released = event('subscription_schedule.released', { ...schedule, status: 'released' }, { created: start + 9 })
  expect(only([news('created', start), entered, released])).toMatchObject({ planId: 'patron', scheduleId: null })
})
