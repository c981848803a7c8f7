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

// Changes of price in the middle of a period, whose payments are taken back: what was not paid for is not held.

const day = 86_400
const start = 1_790_000_000
const names = {
  planOfPrice: (price: string) => (['basic', 'supporter', 'patron'].includes(price) ? price : undefined),
  isPlan: () => false,
  graceMilliseconds: 7 * day * 1000,
}
type Events = ReturnType<typeof event>[]
const fold = (events: Events) => foldCustomer(events.map(ledgerEntry), names)
const only = (events: Events) => fold(events).subscriptions[0]

type BillLines = { readonly price: string; readonly credits?: string; readonly status?: string }

/** A subscription that began with a price, and whose provider says another one. */
function life(end: number, first: string) {
  const events: Events = []
  const news = (price: string, created: number, status = 'active') =>
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
  news(first, start)
  bill('base', start, { price: first })
  return {
    events,
    news,
    bill,
    change(name: string, created: number, from: string, to: string) {
      news(to, created)
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

test.each(periods)('in %s, an upgrade whose difference was refunded falls back to what is paid', (_title, end) => {
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

test.each(periods)(
  'in %s, an upgrade whose dispute was lost falls back, one whose dispute was won does not',
  (_t, end) => {
    const { events, change, lose } = life(end, 'supporter')
    change('up', start + 5 * day, 'supporter', 'patron')
    const won = event('charge.dispute.closed', dispute('pi_up', 'won'), { created: start + 9 * day })
    expect(only([...events, won])?.planId).toBe('patron')
    lose('up', start + 9 * day)
    expect(only(events)).toMatchObject({ planId: 'supporter', status: 'ACTIVE' })
  },
)

test('the provider’s price is the one that is paid: nothing is to be done', () => {
  const { events, change, refund, news } = life(start + 30 * day, 'supporter')
  change('up', start + 5 * day, 'supporter', 'patron')
  refund('up', start + 7 * day)
  news('supporter', start + 7 * day + 1)
  expect(only(events)).toMatchObject({ planId: 'supporter', task: null })
})

test('an upgrade that is bought again after a refund is held', () => {
  const { events, change, refund, news } = life(start + 365 * day, 'supporter')
  change('up', start + 5 * day, 'supporter', 'patron')
  refund('up', start + 7 * day)
  news('supporter', start + 7 * day + 1)
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
  const news = (latest: string) =>
    event('customer.subscription.updated', subscription({ ...again, latest_invoice: latest }), {
      created: start + 9 * day,
    })
  if (status !== null) bill('again', start + 9 * day, { price: 'patron', credits: 'supporter', status })
  expect(only([...events, news('in_again')])).toMatchObject({ planId: 'patron', task: null })
  expect(only([...events, news('in_up')])).toMatchObject({ planId: 'supporter' })
})

test.each([
  [['second'], 'supporter'],
  [['first'], 'basic'],
  [['first', 'second'], 'basic'],
])('of two upgrades %j taken back leaves %s', (takenBack, plan) => {
  const { events, change, refund } = life(start + 30 * day, 'basic')
  change('first', start + 5 * day, 'basic', 'supporter')
  change('second', start + 9 * day, 'supporter', 'patron')
  for (const name of takenBack) refund(name, start + 12 * day)
  expect(only(events)).toMatchObject({ planId: plan, task: { kind: 'CHANGE_PRICE', priceId: plan } })
})

test('the refund of the base ends it, whatever was paid on top', () => {
  const { events, change, refund } = life(start + 30 * day, 'supporter')
  change('up', start + 5 * day, 'supporter', 'patron')
  refund('base', start + 12 * day)
  expect(only(events)).toMatchObject({ status: 'ENDED', task: { kind: 'CANCEL' } })
})

test('the difference of an earlier period does not count in the next', () => {
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

test('a price that was changed without an invoice is believed', () => {
  const { events, news } = life(start + 30 * day, 'supporter')
  news('patron', start + 5 * day)
  expect(only(events)).toMatchObject({ planId: 'patron', task: null })
})

test.each([
  ['active', 'open', 'patron'],
  ['past_due', 'open', 'supporter'],
  ['unpaid', 'uncollectible', 'supporter'],
  ['past_due', 'void', 'patron'],
])('%s with a difference that is %s holds %s, and nothing is done at the provider', (status, invoiceStatus, plan) => {
  const { events, news, bill } = life(start + 30 * day, 'supporter')
  news('patron', start + 5 * day, status)
  bill('up', start + 5 * day, { price: 'patron', credits: 'supporter', status: invoiceStatus })
  expect(only(events)).toMatchObject({ planId: plan, task: null })
})

test('a credit for what was free is a credit', () => {
  const { events, change, refund } = life(start + 30 * day, 'supporter')
  change('up', start + 5 * day, 'supporter', 'patron')
  const told = events.map((one) => {
    const text = JSON.stringify(one).replace('"amount":-300,', '"amount":0,')
    return JSON.parse(
      text.replaceAll('"proration":true,', '"proration":true,"proration_details":null,'),
    ) as Events[number]
  })
  const credited = told.map((one) => {
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

test('order does not matter, whatever is taken back', () => {
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
      const { events, change, refund, lose, news } = life(start + days * day, 'basic')
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
          news(step.to, now)
          price = step.to
        }
      }
      const inOrder = fold(events)
      const shuffled = events
        .map((one) => [random.next().value ?? 0, one] as const)
        .sort(([a], [b]) => a - b)
        .map(([, one]) => one)
      expect(fold(shuffled)).toEqual(inOrder)
      // What the provider says is held, or something that is paid for, or nothing.
      const held = inOrder.subscriptions[0]
      if (back.size === 0) expect(held).toMatchObject({ planId: price, status: 'ACTIVE', task: null })
      if (back.has('base')) expect(held).toMatchObject({ status: 'ENDED' })
    }),
    { numRuns: 100, endOnFailure: true },
  )
})
