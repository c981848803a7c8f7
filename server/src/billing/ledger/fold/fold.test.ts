import { expect, test } from '@jest/globals'
import {
  charge,
  dispute,
  event,
  invoice,
  invoicePayment,
  subscription,
} from '../../../../test/support/provider-events.ts'
import { foldCustomer } from './fold.ts'
import { ledgerEntry } from '../ledger-entry.ts'

const day = 86_400
const start = 1_790_000_000
const month = start + 30 * day
const grace = 7 * day
const options = {
  planOfPrice: (price: string) => ({ price_supporter: 'supporter', price_patron: 'patron' })[price],
  isPlan: (planId: string) => planId === givenPlan,
  graceMilliseconds: grace * 1000,
}
const givenPlan = '01a2105a-2056-73ba-8172-d2acb7f42601'
const base = { id: 'sub_1', customer: 'cus_1', price: 'price_supporter', start, periodEnd: month }
const at = (time: number): Date => new Date(time * 1000)

type Fields = Record<string, unknown>
const subscriptionEvent = (kind: string, created: number, fields: Fields = {}, previous?: Fields) =>
  event(`customer.subscription.${kind}`, subscription({ ...base, ...fields }), {
    created,
    ...(previous && { previous }),
  })
const bill = { customer: 'cus_1', subscription: 'sub_1' }
const fold = (events: readonly unknown[]) => foldCustomer(events.map(ledgerEntry), options)
const only = (events: readonly unknown[]) => fold(events).subscriptions[0]

test.each([
  // provider's subscription  status         end of grace
  [{ status: 'trialing' }, 'TRIALING', month + grace],
  [{ status: 'active' }, 'ACTIVE', month + grace],
  [{ status: 'active', cancel_at_period_end: true }, 'ACTIVE', null],
  [{ status: 'active', cancel_at: month }, 'ACTIVE', null],
  [{ status: 'past_due' }, 'PAST_DUE', start + grace],
  [{ status: 'unpaid' }, 'UNPAID', null],
  [{ status: 'paused' }, 'PAUSED', null],
  [{ status: 'active', pause_collection: { behavior: 'void' } }, 'PAUSED', null],
  [{ status: 'incomplete' }, 'INCOMPLETE', null],
  [{ status: 'incomplete_expired' }, 'ENDED', null],
  [{ status: 'canceled', ended_at: start + day }, 'ENDED', null],
  [{ status: 'a word of the future' }, 'PAUSED', null],
])('maps %o to %s', (fields, status, graceEnd) => {
  const state = only([subscriptionEvent('updated', start, fields)])
  expect(state?.status).toBe(status)
  expect(state?.graceEndsAt).toEqual(graceEnd === null ? null : at(graceEnd))
})

test('an unknown status is reported', () => {
  expect([...fold([subscriptionEvent('updated', start, { status: 'new' })]).pending.values()]).toEqual([
    'the status new is not known',
  ])
})

test.each([
  ['an unknown price', { price: 'price_x' }, /price_x is unknown here: run npm run billing:sync/],
  ['a period without an end', { periodEnd: null }, /without a period/],
  ['no items', { items: undefined }, /is malformed at items$/],
  ['items of another shape', { items: { data: 'x' } }, /is malformed at items.data$/],
  ['an end before the beginning', { periodEnd: start - 1 }, /without a period/],
])('%s leaves the event pending and changes nothing', (_title, fields, why) => {
  const { subscriptions, pending } = fold([subscriptionEvent('updated', start, fields)])
  expect(subscriptions).toEqual([])
  expect([...pending.values()]).toEqual([expect.stringMatching(why)])
})

test('an ended subscription stays ended, whatever the times of its events', () => {
  const state = only([
    subscriptionEvent('deleted', start + day, { status: 'canceled', ended_at: start + day }),
    subscriptionEvent('updated', start + 9 * day),
  ])
  expect(state).toMatchObject({ status: 'ENDED', endedAt: at(start + day) })
})

const paid = [
  event('invoice.paid', invoice({ id: 'in_1', customer: 'cus_1', subscription: 'sub_1', start, end: month }), {
    created: start,
  }),
  event('invoice_payment.paid', invoicePayment('in_1', 'pi_1'), { created: start }),
]

test.each([
  ['a full refund', event('charge.refunded', charge('cus_1', 'pi_1', 500, 500), { created: start + day }), 'ENDED'],
  ['a partial refund', event('charge.refunded', charge('cus_1', 'pi_1', 500, 499), { created: start + day }), 'ACTIVE'],
  ['a lost dispute', event('charge.dispute.closed', dispute('pi_1', 'lost'), { created: start + day }), 'ENDED'],
  [
    'a dispute that was won',
    event('charge.dispute.closed', dispute('pi_1', 'won'), { created: start + day }),
    'ACTIVE',
  ],
  [
    'a refund of another payment',
    event('charge.refunded', charge('cus_1', 'pi_2', 500, 500), { created: start + day }),
    'ACTIVE',
  ],
])('%s', (_title, reversal, status) => {
  const state = only([subscriptionEvent('created', start), ...paid, reversal])
  expect(state).toMatchObject({
    status,
    endedAt: status === 'ENDED' ? at(start + day) : null,
    task: status === 'ENDED' ? { kind: 'CANCEL' } : null,
  })
})

test('the refund of an earlier period changes nothing, and a second payment replaces a refunded one', () => {
  const refund = event('charge.refunded', charge('cus_1', 'pi_1', 500, 500), { created: start + day })
  const renewed = subscriptionEvent('updated', month, { periodStart: month, periodEnd: month + 30 * day })
  expect(only([subscriptionEvent('created', start), ...paid, refund, renewed])?.status).toBe('ACTIVE')
})

test('after a change to yearly, only the refund of the year ends the membership', () => {
  const change = start + 5 * day
  const year = change + 365 * day
  const becomes = [
    subscriptionEvent('updated', change, { price: 'price_patron', periodStart: change, periodEnd: year }),
    event('invoice.paid', invoice({ ...bill, id: 'in_2', start: change, end: year }), { created: change }),
    event('invoice_payment.paid', invoicePayment('in_2', 'pi_2'), { created: change }),
  ]
  const refund = (payment: string) =>
    event('charge.refunded', charge('cus_1', payment, 500, 500), { created: change + day })
  const lived = [subscriptionEvent('created', start), ...paid, ...becomes]
  expect(only([...lived, refund('pi_1')])).toMatchObject({ status: 'ACTIVE', task: null })
  expect(only([...lived, refund('pi_2')])).toMatchObject({ status: 'ENDED', endedAt: at(change + day) })
})

test('the refund of a proration without a price changes nothing', () => {
  const difference = [
    event(
      'invoice.paid',
      invoice({
        id: 'in_2',
        customer: 'cus_1',
        subscription: 'sub_1',
        start: start + day,
        end: month,
        proration: true,
      }),
      { created: start + day },
    ),
    event('invoice_payment.paid', invoicePayment('in_2', 'pi_2'), { created: start + day }),
    event('charge.refunded', charge('cus_1', 'pi_2', 300, 300), { created: start + 2 * day }),
  ]
  expect(only([subscriptionEvent('created', start), ...paid, ...difference])?.status).toBe('ACTIVE')
})

test('after a failed payment the paid period stays open, with grace after it', () => {
  const state = only([
    subscriptionEvent('created', start),
    ...paid,
    subscriptionEvent('updated', start + day, { status: 'past_due' }),
  ])
  expect(state?.graceEndsAt).toEqual(at(month + grace))
})

test('of two live subscriptions the first counts and the second is reported', () => {
  const { subscriptions, pending } = fold([
    subscriptionEvent('created', start + day, { id: 'sub_2', start: start + day, price: 'price_patron' }),
    subscriptionEvent('created', start),
  ])
  expect(subscriptions).toMatchObject([
    { subscriptionId: 'sub_2', status: 'ENDED', endedAt: at(start + day) },
    { subscriptionId: 'sub_1', status: 'ACTIVE' },
  ])
  expect([...pending.values()]).toEqual([expect.stringContaining('a second live subscription beside sub_1')])
})

test('of two live subscriptions the one with access counts, even if it is the later', () => {
  const { subscriptions } = fold([
    subscriptionEvent('created', start + day, { id: 'sub_2', start: start + day, price: 'price_patron' }),
    subscriptionEvent('updated', start + day, { status: 'unpaid' }),
  ])
  expect(subscriptions).toMatchObject([
    { subscriptionId: 'sub_1', status: 'ENDED', endedAt: at(start + day) },
    { subscriptionId: 'sub_2', status: 'ACTIVE' },
  ])
})

test('after a pause of collection the paid period stays open, without grace', () => {
  const state = only([subscriptionEvent('updated', start + day, { pause_collection: { behavior: 'void' } }), ...paid])
  expect(state).toMatchObject({ status: 'ACTIVE', graceEndsAt: null, currentPeriodEnd: at(month) })
})

test('a replaced period gives no grace after its replacement', () => {
  const change = start + 5 * day
  const next = change + 30 * day
  const lived = [
    subscriptionEvent('created', start, { periodEnd: start + 365 * day }),
    event('invoice.paid', invoice({ ...bill, id: 'in_1', start, end: start + 365 * day }), { created: start }),
    event('invoice.paid', invoice({ ...bill, id: 'in_2', start: change, end: next }), { created: change }),
    subscriptionEvent('updated', next, { status: 'past_due', periodStart: next, periodEnd: next + 30 * day }),
  ]
  expect(only(lived)?.graceEndsAt).toEqual(at(next + grace))
})

test('an ended subscription does not block the next', () => {
  const { subscriptions, pending } = fold([
    subscriptionEvent('created', start + 40 * day, {
      id: 'sub_2',
      start: start + 40 * day,
      periodEnd: start + 70 * day,
    }),
    subscriptionEvent('deleted', month, { status: 'canceled', ended_at: month }),
  ])
  expect(subscriptions.map(({ status }) => status)).toEqual(['ENDED', 'ACTIVE'])
  expect(pending.size).toBe(0)
})

const session = (fields: Fields = {}) => ({
  object: 'checkout.session',
  id: 'cs_1',
  customer: 'cus_1',
  mode: 'payment',
  payment_status: 'paid',
  payment_intent: 'pi_9',
  amount_total: 5000,
  currency: 'eur',
  metadata: { gatepost_kind: 'gift', gatepost_plan: givenPlan, gatepost_interval: 'YEARLY' },
  ...fields,
})

test.each([
  ['a gift', session(), 1],
  ['a gift that is not paid yet', session({ payment_status: 'unpaid' }), 0],
  ['a checkout of a membership', session({ mode: 'subscription' }), 0],
  ['another payment', session({ metadata: {} }), 0],
])('folds %s: %o to %i gifts', (_title, object, count) => {
  const { gifts } = fold([event('checkout.session.completed', object, { created: start })])
  expect(gifts).toHaveLength(count)
})

test.each(['01a2105a-2056-73ba-8172-d2acb7f42699', 'gold'])('a gift of the unknown plan %s is pending', (plan) => {
  const metadata = { gatepost_kind: 'gift', gatepost_plan: plan, gatepost_interval: 'YEARLY' }
  const sold = event('checkout.session.completed', session({ metadata }), { created: start })
  const { gifts, pending, subscriptions } = fold([sold, subscriptionEvent('created', start)])
  expect([gifts, subscriptions.map(({ status }) => status)]).toEqual([[], ['ACTIVE']])
  expect([...pending]).toEqual([[sold.id, `a gift of the plan ${plan}, which does not exist here`]])
})

test('a gift of an unknown interval is pending, once', () => {
  const metadata = { gatepost_kind: 'gift', gatepost_plan: givenPlan, gatepost_interval: 'QUARTERLY' }
  const paid = ['checkout.session.completed', 'checkout.session.async_payment_succeeded'] as const
  const [sold, settled] = paid.map((type) => event(type, session({ metadata }), { created: start }))
  const { gifts, pending } = fold([sold, settled].filter((one) => one !== undefined))
  expect(gifts).toMatchObject([{ sessionId: 'cs_1', interval: null }])
  expect([...pending.values()]).toEqual(['a gift of the interval QUARTERLY, which does not exist here'])
})

test('a gift without a plan is pending', () => {
  const object = session({ metadata: { gatepost_kind: 'gift' } })
  const { gifts, pending } = fold([event('checkout.session.completed', object, { created: start })])
  expect([gifts, pending.size]).toEqual([[], 1])
})

test('a lost dispute voids a gift', () => {
  const { gifts } = fold([
    event('charge.dispute.closed', dispute('pi_9', 'lost'), { created: start + day }),
    event('checkout.session.completed', session(), { created: start }),
  ])
  expect(gifts).toEqual([
    {
      sessionId: 'cs_1',
      planId: givenPlan,
      interval: 'YEARLY',
      amountMinor: 5000,
      currency: 'EUR',
      boughtAt: at(start),
      reversedAt: at(start + day),
    },
  ])
})
