import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { event, subscription } from '../../../../test/support/provider-events.ts'
import { latestSnapshot } from './event-order.ts'
import { ledgerEntry } from '../ledger-entry.ts'

const start = 1_790_000_000
const base = { id: 'sub_1', customer: 'cus_1', price: 'price_supporter', start, periodEnd: start + 30 * 86_400 }

type Fields = Record<string, unknown>
const subscriptionEvent = (kind: string, created: number, fields: Fields = {}, previous?: Fields) =>
  event(`customer.subscription.${kind}`, subscription({ ...base, ...fields }), {
    created,
    ...(previous && { previous }),
  })

/** Returns the latest snapshot of the events. */
function latest(events: readonly unknown[]) {
  const last = latestSnapshot(events.map(ledgerEntry))
  return last?.snapshot ?? null
}

test('previous attributes order two events of one second', () => {
  const cancelled = subscriptionEvent(
    'updated',
    start + 5,
    { cancel_at_period_end: true },
    { cancel_at_period_end: false },
  )
  const trialEnd = {
    ...subscriptionEvent(
      'updated',
      start + 5,
      { cancel_at_period_end: true, status: 'past_due' },
      { status: 'active' },
    ),
  }
  const created = subscriptionEvent('created', start + 5)
  for (const order of [
    [created, cancelled, trialEnd],
    [trialEnd, cancelled, created],
    [cancelled, trialEnd, created],
  ]) {
    expect(latest(order)).toMatchObject({ status: 'past_due', cancel_at_period_end: true })
  }
})

test('finds the final state of changes within one second, for any ids and order', () => {
  // Each step sets or undoes a cancellation or a scheduled change of plan.
  const steps = fc.array(fc.constantFrom('cancel_at_period_end', 'schedule'), { minLength: 1, maxLength: 6 })
  const life = fc.tuple(steps, fc.boolean(), fc.infiniteStream(fc.nat()))
  fc.assert(
    fc.property(life, ([keys, createdThen, random]) => {
      let fields: Fields = { cancel_at_period_end: false, schedule: null }
      const events = [subscriptionEvent('created', createdThen ? start + 5 : start, fields)]
      for (const key of keys) {
        const previous = { [key]: fields[key] }
        fields = { ...fields, [key]: key === 'schedule' ? (fields[key] === null ? 'sched_1' : null) : !fields[key] }
        const change = subscriptionEvent('updated', start + 5, fields, previous)
        events.push({ ...change, id: `evt_${random.next().value}_${events.length}` })
      }
      const arrived = events.map((event) => [random.next().value, event] as const).sort(([a], [b]) => a - b)
      expect(latest(arrived.map(([, event]) => event))).toMatchObject(fields)
    }),
    { numRuns: 300 },
  )
})

test.each<[string, { readonly id: string }[], object]>([
  [
    'an observation after a change',
    [
      {
        ...subscriptionEvent('updated', start + 5, { cancel_at_period_end: true }, { cancel_at_period_end: false }),
        id: 'evt_1',
      },
      {
        ...event(
          'gatepost.subscription.observed',
          subscription({ ...base, cancel_at_period_end: true, status: 'unpaid' }),
          {
            created: start + 5,
          },
        ),
        id: 'gatepost_1',
      },
    ],
    { status: 'unpaid', cancel_at_period_end: true },
  ],
  [
    'an undone change whose first event is missing',
    [
      { ...subscriptionEvent('updated', start + 5, { status: 'past_due' }, { status: 'active' }), id: 'evt_9' },
      {
        ...subscriptionEvent(
          'updated',
          start + 5,
          { status: 'unpaid', cancel_at_period_end: true },
          { cancel_at_period_end: false },
        ),
        id: 'evt_1',
      },
      { ...subscriptionEvent('updated', start + 5, { status: 'unpaid' }, { cancel_at_period_end: true }), id: 'evt_2' },
    ],
    { status: 'unpaid', cancel_at_period_end: false },
  ],
  [
    'a key that was added and removed',
    [
      subscriptionEvent('updated', start, { metadata: {} }),
      { ...subscriptionEvent('updated', start + 5, { metadata: { a: 'b' } }, { metadata: { a: null } }), id: 'evt_9' },
      { ...subscriptionEvent('updated', start + 5, { metadata: {} }, { metadata: { a: 'b' } }), id: 'evt_1' },
      {
        ...subscriptionEvent('updated', start + 5, { metadata: {}, status: 'past_due' }, { status: 'active' }),
        id: 'evt_0',
      },
    ],
    { status: 'past_due' },
  ],
])('finds the latest snapshot for %s', (_title, events, expected) => {
  for (const order of [events, events.toReversed()]) expect(latest(order)).toMatchObject(expected)
})
