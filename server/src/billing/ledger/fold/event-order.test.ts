import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { event, subscription } from '../../../../test/support/provider-events.ts'
import { latestSnapshot } from './event-order.ts'
import { ledgerEntry } from '../ledger-entry.ts'

const start = 1_790_000_000
const base = { id: 'sub_1', customer: 'cus_1', price: 'price_supporter', start, periodEnd: start + 30 * 86_400 }

type Fields = Record<string, unknown>
const news = (kind: string, created: number, fields: Fields = {}, previous?: Fields) =>
  event(`customer.subscription.${kind}`, subscription({ ...base, ...fields }), {
    created,
    ...(previous && { previous }),
  })

/** What the last of them shows. */
function latest(events: readonly unknown[]) {
  const last = latestSnapshot(events.map(ledgerEntry))
  return last?.snapshot ?? null
}

test('of two news of one second the one that looks back on the other counts, in any order', () => {
  const cancelled = news('updated', start + 5, { cancel_at_period_end: true }, { cancel_at_period_end: false })
  const trialEnd = {
    ...news('updated', start + 5, { cancel_at_period_end: true, status: 'past_due' }, { status: 'active' }),
  }
  const created = news('created', start + 5)
  for (const order of [
    [created, cancelled, trialEnd],
    [trialEnd, cancelled, created],
    [cancelled, trialEnd, created],
  ]) {
    expect(latest(order)).toMatchObject({ status: 'past_due', cancel_at_period_end: true })
  }
})

test('what is done and taken back within one second ends as it was last, whatever the ids and the order', () => {
  // One step each: the cancellation or the change of plan that is to come, set or taken back.
  const steps = fc.array(fc.constantFrom('cancel_at_period_end', 'schedule'), { minLength: 1, maxLength: 6 })
  const life = fc.tuple(steps, fc.boolean(), fc.infiniteStream(fc.nat()))
  fc.assert(
    fc.property(life, ([keys, createdThen, random]) => {
      let fields: Fields = { cancel_at_period_end: false, schedule: null }
      const events = [news('created', createdThen ? start + 5 : start, fields)]
      for (const key of keys) {
        const previous = { [key]: fields[key] }
        fields = { ...fields, [key]: key === 'schedule' ? (fields[key] === null ? 'sched_1' : null) : !fields[key] }
        const told = news('updated', start + 5, fields, previous)
        events.push({ ...told, id: `evt_${random.next().value}_${events.length}` })
      }
      const arrived = events.map((one) => [random.next().value, one] as const).sort(([a], [b]) => a - b)
      expect(latest(arrived.map(([, one]) => one))).toMatchObject(fields)
    }),
    { numRuns: 300 },
  )
})

test.each<[string, { readonly id: string }[], object]>([
  [
    'what was seen at the provider after a change',
    [
      { ...news('updated', start + 5, { cancel_at_period_end: true }, { cancel_at_period_end: false }), id: 'evt_1' },
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
    'a there and back whose way to it has not arrived',
    [
      { ...news('updated', start + 5, { status: 'past_due' }, { status: 'active' }), id: 'evt_9' },
      {
        ...news(
          'updated',
          start + 5,
          { status: 'unpaid', cancel_at_period_end: true },
          { cancel_at_period_end: false },
        ),
        id: 'evt_1',
      },
      { ...news('updated', start + 5, { status: 'unpaid' }, { cancel_at_period_end: true }), id: 'evt_2' },
    ],
    { status: 'unpaid', cancel_at_period_end: false },
  ],
  [
    'a key that came and went',
    [
      news('updated', start, { metadata: {} }),
      { ...news('updated', start + 5, { metadata: { a: 'b' } }, { metadata: { a: null } }), id: 'evt_9' },
      { ...news('updated', start + 5, { metadata: {} }, { metadata: { a: 'b' } }), id: 'evt_1' },
      {
        ...news('updated', start + 5, { metadata: {}, status: 'past_due' }, { status: 'active' }),
        id: 'evt_0',
      },
    ],
    { status: 'past_due' },
  ],
])('%s counts, in any order', (_title, events, expected) => {
  for (const order of [events, events.toReversed()]) expect(latest(order)).toMatchObject(expected)
})
