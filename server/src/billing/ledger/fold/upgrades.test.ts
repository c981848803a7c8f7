import { expect, test } from '@jest/globals'
import fc from 'fast-check'
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

// Price changes within a period whose payments are refunded or reversed. The member keeps only the price that is paid for.

const day = 86_400
const start = 1_790_000_000
const options = {
  planOfPrice: (price: string) => (['basic', 'supporter', 'patron'].includes(price) ? price : undefined),
  isPlan: () => false,
  graceMilliseconds: 7 * day * 1000,
}
type Events = ReturnType<typeof event>[]
const fold = (events: Events) => foldCustomer(events.map(ledgerEntry), options)
const only = (events: Events) => fold(events).subscriptions[0]

type BillLines = { readonly price: string; readonly credits?: string; readonly status?: string }

/** Creates the events of a subscription that began with one price and has another one at the provider. */
function life(end: number, first: string) {
  const events: Events = []
  const subscriptionEvent = (price: string, created: number, status = 'active') =>
    void events.push(
      event(
        created === start ? 'customer.subscription.created' : 'customer.subscription.updated',
        subscription({ id: 'sub_1', customer: 'cus_1', price, status, start, periodEnd: end }),
        { created },
      ),
    )
  const bill = (name: string, from: number, { price, credits, status = 'paid' }: BillLines) => {
    const proration = credits !== undefined
    const about = {
      id: `in_${name}`,
      customer: 'cus_1',
      subscription: 'sub_1',
      start: from,
      end,
      price,
      proration,
      status,
    }
    events.push(event(`invoice.${status}`, invoice({ ...about, ...(proration && { credits }) }), { created: from }))
    if (status === 'paid')
      events.push(event('invoice_payment.paid', invoicePayment(`in_${name}`, `pi_${name}`), { created: from }))
  }
  subscriptionEvent(first, start)
  bill('base', start, { price: first })
  return {
    events,
    subscriptionEvent,
    bill,
    change(name: string, created: number, from: string, to: string) {
      subscriptionEvent(to, created)
      bill(name, created, { price: to, credits: from })
    },
    refund: (name: string, created: number, of = 500) =>
      void events.push(event('charge.refunded', charge('cus_1', `pi_${name}`, 500, of), { created })),
    lose: (name: string, created: number) =>
      void events.push(event('charge.dispute.closed', dispute(`pi_${name}`, 'lost'), { created })),
  }
}

const periods = [
  ['a month', start + 30 * day],
  ['a year', start + 365 * day],
] as const

test.each(periods)('in %s, the refund of an upgrade restores the paid price', (_title, end) => {
  const { events, change, refund } = life(end, 'supporter')
  change('up', start + 5 * day, 'supporter', 'patron')
  expect(only(events)).toMatchObject({ planId: 'patron', task: null })
  refund('up', start + 6 * day, 499)
  expect(only(events)).toMatchObject({ planId: 'patron', task: null })
  refund('up', start + 7 * day)
  expect(only(events)).toMatchObject({
    planId: 'supporter',
    priceId: 'supporter',
    status: 'ACTIVE',
    currentPeriodEnd: new Date(end * 1000),
    task: { kind: 'CHANGE_PRICE', priceId: 'supporter' },
  })
})

test.each(periods)('in %s, a lost dispute undoes an upgrade, a won one does not', (_t, end) => {
  const { events, change, lose } = life(end, 'supporter')
  change('up', start + 5 * day, 'supporter', 'patron')
  const won = event('charge.dispute.closed', dispute('pi_up', 'won'), { created: start + 9 * day })
  expect(only([...events, won])?.planId).toBe('patron')
  lose('up', start + 9 * day)
  expect(only(events)).toMatchObject({ planId: 'supporter', status: 'ACTIVE' })
})

test('no task if the provider’s price is the paid one', () => {
  const { events, change, refund, subscriptionEvent } = life(start + 30 * day, 'supporter')
  change('up', start + 5 * day, 'supporter', 'patron')
  refund('up', start + 7 * day)
  subscriptionEvent('supporter', start + 7 * day + 1)
  expect(only(events)).toMatchObject({ planId: 'supporter', task: null })
})

test('an upgrade that is bought again after a refund is held', () => {
  const { events, change, refund, subscriptionEvent } = life(start + 365 * day, 'supporter')
  change('up', start + 5 * day, 'supporter', 'patron')
  refund('up', start + 7 * day)
  subscriptionEvent('supporter', start + 7 * day + 1)
  change('again', start + 9 * day, 'supporter', 'patron')
  expect(only(events)).toMatchObject({ planId: 'patron', task: null })
  refund('again', start + 10 * day)
  expect(only(events)).toMatchObject({ planId: 'supporter', task: { kind: 'CHANGE_PRICE', priceId: 'supporter' } })
})

test.each(['draft', 'open', null])('an upgrade that is bought again is held while its invoice is %s', (status) => {
  const { events, change, refund, bill } = life(start + 30 * day, 'supporter')
  change('up', start + 5 * day, 'supporter', 'patron')
  refund('up', start + 7 * day)
  const again = { id: 'sub_1', customer: 'cus_1', price: 'patron', start, periodEnd: start + 30 * day }
  const subscriptionEvent = (latest: string) =>
    event('customer.subscription.updated', subscription({ ...again, latest_invoice: latest }), {
      created: start + 9 * day,
    })
  if (status !== null) bill('again', start + 9 * day, { price: 'patron', credits: 'supporter', status })
  expect(only([...events, subscriptionEvent('in_again')])).toMatchObject({ planId: 'patron', task: null })
  expect(only([...events, subscriptionEvent('in_up')])).toMatchObject({ planId: 'supporter' })
})

test.each([
  [['second'], 'supporter'],
  [['first'], 'basic'],
  [['first', 'second'], 'basic'],
])('of two upgrades, the reversal of %j leaves %s', (reversed, plan) => {
  const { events, change, refund } = life(start + 30 * day, 'basic')
  change('first', start + 5 * day, 'basic', 'supporter')
  change('second', start + 9 * day, 'supporter', 'patron')
  for (const name of reversed) refund(name, start + 12 * day)
  expect(only(events)).toMatchObject({ planId: plan, task: { kind: 'CHANGE_PRICE', priceId: plan } })
})

test('the refund of the first payment ends the membership despite paid upgrades', () => {
  const { events, change, refund } = life(start + 30 * day, 'supporter')
  change('up', start + 5 * day, 'supporter', 'patron')
  refund('base', start + 12 * day)
  expect(only(events)).toMatchObject({ status: 'ENDED', task: { kind: 'CANCEL' } })
})

test('an upgrade of an earlier period does not count in the next', () => {
  const { events, change, refund } = life(start + 30 * day, 'supporter')
  change('up', start + 5 * day, 'supporter', 'patron')
  const next = subscription({
    id: 'sub_1',
    customer: 'cus_1',
    price: 'patron',
    start,
    periodStart: start + 30 * day,
    periodEnd: start + 60 * day,
  })
  events.push(event('customer.subscription.updated', next, { created: start + 30 * day }))
  refund('up', start + 31 * day)
  expect(only(events)).toMatchObject({ planId: 'patron', status: 'ACTIVE', task: null })
})

test('a price that was changed without an invoice is accepted', () => {
  const { events, subscriptionEvent } = life(start + 30 * day, 'supporter')
  subscriptionEvent('patron', start + 5 * day)
  expect(only(events)).toMatchObject({ planId: 'patron', task: null })
})

test.each([
  ['active', 'open', 'patron'],
  ['past_due', 'open', 'supporter'],
  ['unpaid', 'uncollectible', 'supporter'],
  ['past_due', 'void', 'patron'],
])('%s with the invoice of an upgrade %s holds %s, without a task', (status, invoiceStatus, plan) => {
  const { events, subscriptionEvent, bill } = life(start + 30 * day, 'supporter')
  subscriptionEvent('patron', start + 5 * day, status)
  bill('up', start + 5 * day, { price: 'patron', credits: 'supporter', status: invoiceStatus })
  expect(only(events)).toMatchObject({ planId: plan, task: null })
})

test('the credit of a free price has the amount 0', () => {
  const { events, change, refund } = life(start + 30 * day, 'supporter')
  change('up', start + 5 * day, 'supporter', 'patron')
  const zeroed = events.map((one) => {
    const text = JSON.stringify(one).replace('"amount":-300,', '"amount":0,')
    return JSON.parse(
      text.replaceAll('"proration":true,', '"proration":true,"proration_details":null,'),
    ) as Events[number]
  })
  const credited = zeroed.map((one) => {
    const lines = (one.data.object as { lines?: { data: { amount?: number; parent: any }[] } }).lines?.data ?? []
    for (const line of lines) {
      if (line.amount !== 0) continue
      line.parent = structuredClone(line.parent)
      line.parent.subscription_item_details.proration_details = {
        credited_items: { invoice: 'in_base', invoice_line_items: ['il_1'] },
      }
    }
    return one
  })
  refund('up', start + 7 * day)
  expect(only([...credited, ...events.slice(-1)])).toMatchObject({ planId: 'supporter' })
})

test('the order of events does not matter for any reversals', () => {
  const moves = fc.array(
    fc.record({
      days: fc.integer({ min: 0, max: 3 }),
      what: fc.constantFrom('change', 'change', 'refund', 'lose', 'revert'),
      to: fc.constantFrom('basic', 'supporter', 'patron'),
      which: fc.nat({ max: 5 }),
    }),
    { maxLength: 8 },
  )
  fc.assert(
    fc.property(moves, fc.constantFrom(30, 365), fc.infiniteStream(fc.nat()), (steps, days, random) => {
      const { events, change, refund, lose, subscriptionEvent } = life(start + days * day, 'basic')
      let [now, price] = [start, 'basic']
      const bills = ['base']
      const back = new Set<string>()
      for (const [index, step] of steps.entries()) {
        now += step.days * day + 60
        const bill = bills[step.which % bills.length] ?? 'base'
        if (step.what === 'change' && step.to !== price) {
          change(`up${index}`, now, price, step.to)
          bills.push(`up${index}`)
          price = step.to
        } else if (step.what === 'refund' || step.what === 'lose') {
          if (step.what === 'refund') refund(bill, now)
          else lose(bill, now)
          back.add(bill)
        } else if (step.what === 'revert') {
          subscriptionEvent(step.to, now)
          price = step.to
        }
      }
      const inOrder = fold(events)
      const shuffled = events
        .map((one) => [random.next().value ?? 0, one] as const)
        .sort(([a], [b]) => a - b)
        .map(([, one]) => one)
      expect(fold(shuffled)).toEqual(inOrder)
      // The member holds the provider's price, another paid price, or nothing.
      const held = inOrder.subscriptions[0]
      if (back.size === 0) expect(held).toMatchObject({ planId: price, status: 'ACTIVE', task: null })
      if (back.has('base')) expect(held).toMatchObject({ status: 'ENDED' })
    }),
    { numRuns: 100, endOnFailure: true },
  )
})
