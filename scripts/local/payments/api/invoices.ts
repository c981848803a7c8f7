import { z } from 'zod'
import { computeChange } from '../billing/apply-change.ts'
import { periodEndAfter } from '../billing/calendar.ts'
import { planPriceChange } from '../billing/change-price.ts'
import { computeInvoice, itemOf, periodLine, withItem } from '../billing/invoicing.ts'
import { phaseAt } from '../billing/schedules.ts'
import { settleInvoice } from '../billing/settle.ts'
import { voidInvoice } from '../billing/void.ts'
import { makeSubscription } from '../objects/subscription.ts'
import { refused, StripeProblem } from '../problem.ts'
import type { Invoice, Schedule, Subscription } from '../state/resources.ts'
import type { Provider } from '../state/provider.ts'
import { find, named, need, pageOf } from './lists.ts'
import { flag, ignored, instant, integer, list, oneOf, paging, text } from './parameters.ts'
import { route, type Route } from './route.ts'

const previewShape = {
  customer: text.optional(),
  subscription: text.optional(),
  schedule: text.optional(),
  preview_mode: z.literal('next').optional(),
  subscription_details: z
    .strictObject({
      items: list(
        z.strictObject({ id: text.optional(), price: text.optional(), quantity: integer.optional() }),
      ).optional(),
      proration_behavior: oneOf('none', 'create_prorations', 'always_invoice').optional(),
      proration_date: instant.optional(),
      trial_end: z.union([z.literal('now'), instant]).optional(),
    })
    .optional(),
}

export const invoiceRoutes: readonly Route[] = [
  route(
    'GET',
    'invoices',
    {
      ...paging,
      customer: text.optional(),
      subscription: text.optional(),
      status: text.optional(),
      collection_method: ignored.optional(),
    },
    ({ provider, params }) =>
      pageOf(
        provider,
        'invoice',
        params,
        'invoices',
        (one) =>
          (!params.customer || one.customer === params.customer) &&
          (!params.subscription || one.parent?.subscription_details?.subscription === params.subscription) &&
          (!params.status || one.status === params.status),
      ),
  ),
  route('GET', 'invoices/:id', {}, ({ provider, id }) => find(provider, 'invoice', id, 'invoice')),
  route('GET', 'invoices/:id/lines', paging, ({ provider, id }) => find(provider, 'invoice', id, 'invoice').lines),
  route(
    'POST',
    'invoices/:id/pay',
    { payment_method: text.optional(), off_session: flag.optional() },
    ({ provider, params, id }) => {
      const invoice = find(provider, 'invoice', id, 'invoice')
      if (invoice.status === 'paid') throw refused('Invoice is already paid')
      if (invoice.status !== 'open') throw refused(`This invoice is ${String(invoice.status)} and cannot be paid.`)
      const method = named(provider, 'payment_method', params.payment_method, 'payment_method')
      const attempt = { method: method?.id ?? null, presence: 'absent', automatic: false } as const
      const outcome = settleInvoice(provider, invoice, attempt)
      // Returned, not thrown: that it was tried is kept, and told.
      return outcome.kind === 'paid' ? provider.store.need('invoice', id) : outcome.problem
    },
  ),
  route('POST', 'invoices/:id/void', {}, ({ provider, id }) => {
    const invoice = find(provider, 'invoice', id, 'invoice')
    if (invoice.status !== 'open')
      throw refused(`You can only void an open invoice; this one is ${String(invoice.status)}.`)
    return voidInvoice(provider, invoice)
  }),
  route('POST', 'invoices/create_preview', previewShape, ({ provider, params }) => preview(provider, params)),
  route(
    'GET',
    'invoice_payments',
    {
      ...paging,
      invoice: text.optional(),
      payment: z.strictObject({ type: z.literal('payment_intent'), payment_intent: text }).optional(),
      status: oneOf('open', 'paid', 'canceled').optional(),
    },
    ({ provider, params }) =>
      pageOf(
        provider,
        'invoice_payment',
        params,
        'invoice_payments',
        (one) =>
          (!params.invoice || one.invoice === params.invoice) &&
          (!params.payment || one.payment.payment_intent === params.payment.payment_intent) &&
          (!params.status || one.status === params.status),
      ),
  ),
  route('GET', 'invoice_payments/:id', {}, ({ provider, id }) =>
    find(provider, 'invoice_payment', id, 'invoice payment'),
  ),
]

type Details = NonNullable<z.output<z.ZodObject<typeof previewShape>>['subscription_details']>

/** What a change, a renewal or a start would cost. Nothing is kept. */
function preview(provider: Provider, params: z.output<z.ZodObject<typeof previewShape>>): Invoice {
  const details = params.subscription_details ?? {}
  if (params.schedule !== undefined) {
    if (params.subscription !== undefined || params.subscription_details)
      throw refused('You cannot give `schedule` together with subscription parameters.', 'schedule')
    return asPreview(previewPhase(provider, need(provider, 'subscription_schedule', params.schedule, 'schedule')))
  }
  const subscription = named(provider, 'subscription', params.subscription, 'subscription')
  if (!subscription) return asPreview(previewStart(provider, params.customer, details))
  if (subscription.status === 'canceled')
    throw new StripeProblem(404, {
      type: 'invalid_request_error',
      code: 'invoice_upcoming_none',
      message: `No upcoming invoices for subscription: ${subscription.id}`,
    })
  const at = details.proration_date
  return asPreview(
    at === undefined
      ? previewNext(provider, subscription, details)
      : provider.clock.at(at, () => previewNext(provider, subscription, details)),
  )
}

const asPreview = (invoice: Invoice): Invoice => ({
  ...invoice,
  id: invoice.id.replace('in_', 'upcoming_in_'),
  number: null,
})

function previewStart(provider: Provider, customerId: string | undefined, { items = [] }: Details): Invoice {
  const customer = need(provider, 'customer', customerId ?? '', 'customer')
  const [item] = items
  const price = need(provider, 'price', item?.price ?? '', 'subscription_details[items][0][price]')
  if (!price.recurring)
    throw refused(`The price ${price.id} is not recurring.`, 'subscription_details[items][0][price]')
  const now = provider.clock.seconds()
  const period = { start: now, end: periodEndAfter(now, now, price.recurring) }
  const subscription = makeSubscription({
    customer: customer.id,
    price,
    quantity: item?.quantity ?? 1,
    status: 'active',
    created: now,
    anchor: now,
    period,
    trial: null,
    defaultPaymentMethod: null,
    metadata: {},
  })
  return computeInvoice(provider, subscription, 'upcoming', [periodLine(provider, subscription, period)], {
    start: now,
    end: now,
  })
}

function previewNext(provider: Provider, subscription: Subscription, details: Details): Invoice {
  const item = itemOf(subscription)
  const [wanted, ...others] = details.items ?? []
  if (others.length > 0 || (wanted && wanted.id !== item.id))
    throw refused(
      `The local payment provider supports exactly one item. Its id is ${item.id}.`,
      'subscription_details[items][0][id]',
    )
  const price = named(provider, 'price', wanted?.price, 'subscription_details[items][0][price]') ?? item.price
  const quantity = wanted?.quantity ?? item.quantity
  const isChange = price.id !== item.price.id || quantity !== item.quantity
  const ends = details.trial_end === 'now' && subscription.status === 'trialing'
  const base: Subscription = ends ? { ...subscription, status: 'active' } : subscription
  if (ends) return renewal(provider, { ...base, ...withItem(base, { price, quantity }) }, provider.clock.seconds(), [])
  if (!isChange) return renewal(provider, base, item.current_period_end, [])
  const prorationBehavior = details.proration_behavior ?? 'create_prorations'
  const planned = planPriceChange(provider, base, { price, quantity, prorationBehavior })
  if (planned.invoiced) return computeChange(provider, base, planned)
  return renewal(provider, planned.subscription, item.current_period_end, planned.lines)
}

/** The invoice of the next period, at the price of the phase that has begun by then. */
function previewPhase(provider: Provider, schedule: Schedule): Invoice {
  const subscription = named(provider, 'subscription', schedule.subscription ?? undefined, 'schedule')
  if (!subscription) throw refused(`The schedule ${schedule.id} has no subscription yet.`, 'schedule')
  const { price, quantity, current_period_end: start } = itemOf(subscription)
  const [wanted] = phaseAt(schedule, start)?.items ?? []
  const next = named(provider, 'price', wanted?.price, 'schedule') ?? price
  const changed = {
    ...subscription,
    ...withItem(subscription, { price: next, quantity: wanted?.quantity ?? quantity }),
  }
  return renewal(provider, changed, start, [])
}

/** The invoice of the next period, with what waits for it. */
function renewal(
  provider: Provider,
  subscription: Subscription,
  start: number,
  lines: Invoice['lines']['data'],
): Invoice {
  const { price, current_period_start } = itemOf(subscription)
  if (!price.recurring) throw new Error(`${price.id} does not recur.`)
  const note = provider.store.need('billingNote', subscription.id)
  const end = periodEndAfter(Math.min(subscription.billing_cycle_anchor, start), start, price.recurring)
  const all = [...note.pendingLines, ...lines, periodLine(provider, subscription, { start, end })]
  return computeInvoice(provider, subscription, 'upcoming', all, { start: current_period_start, end: start })
}
