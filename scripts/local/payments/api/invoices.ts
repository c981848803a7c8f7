import { z } from 'zod'
import { computeChange } from '../billing/subscriptions/apply-change.ts'
import { periodEndAfter } from '../billing/calendar.ts'
import { planPriceChange } from '../billing/subscriptions/change-price.ts'
import { computeInvoice, itemOf, periodLine, withItem } from '../billing/invoices/invoicing.ts'
import { phaseAt } from '../billing/subscriptions/schedules.ts'
import { refused, StripeProblem } from '../problem.ts'
import type { Invoice, InvoiceLine, Schedule, Subscription } from '../state/resources.ts'
import type { Provider } from '../state/provider.ts'
import { named, need, pageOf } from './lists.ts'
import { list, paging, prorationBehavior, text } from './parameters.ts'
import { route, type Route } from './route.ts'

const previewShape = {
  customer: text,
  subscription: text.optional(),
  schedule: text.optional(),
  subscription_details: z
    .strictObject({
      items: list(z.strictObject({ id: text, price: text })).optional(),
      proration_behavior: prorationBehavior.optional(),
      trial_end: z.literal('now').optional(),
    })
    .optional(),
}

export const invoiceRoutes: readonly Route[] = [
  route(
    'GET',
    'invoices',
    { ...paging, customer: text.optional(), subscription: text.optional(), status: text.optional() },
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
  route('POST', 'invoices/create_preview', previewShape, ({ provider, params }) => {
    const invoice = preview(provider, params)
    return { ...invoice, id: invoice.id.replace('in_', 'upcoming_in_'), number: null }
  }),
]

type PreviewParams = z.output<z.ZodObject<typeof previewShape>>
type Details = NonNullable<PreviewParams['subscription_details']>

/** Computes the invoice of a change or of the next period. Stores nothing. */
function preview(provider: Provider, params: PreviewParams): Invoice {
  if (params.schedule !== undefined) {
    if (params.subscription !== undefined || params.subscription_details)
      throw refused('You cannot give `schedule` together with subscription parameters.', 'schedule')
    return previewPhase(provider, need(provider, 'subscription_schedule', params.schedule, 'schedule'))
  }
  const subscription = need(provider, 'subscription', params.subscription ?? '', 'subscription')
  if (subscription.status === 'canceled')
    throw new StripeProblem(404, {
      type: 'invalid_request_error',
      code: 'invoice_upcoming_none',
      message: `No upcoming invoices for subscription: ${subscription.id}`,
    })
  return previewNext(provider, subscription, params.subscription_details ?? {})
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
  const { quantity } = item
  if (details.trial_end === 'now' && subscription.status === 'trialing') {
    const active: Subscription = { ...subscription, status: 'active' }
    return renewal(provider, { ...active, ...withItem(active, { price }) }, provider.clock.seconds(), [])
  }
  if (price.id === item.price.id) return renewal(provider, subscription, item.current_period_end, [])
  const behavior = details.proration_behavior ?? 'create_prorations'
  const planned = planPriceChange(provider, subscription, { price, quantity, prorationBehavior: behavior })
  if (planned.invoiced) return computeChange(provider, subscription, planned)
  return renewal(provider, planned.subscription, item.current_period_end, planned.lines)
}

/** Computes the invoice of the next period at the price of the phase that begins with it. */
function previewPhase(provider: Provider, schedule: Schedule): Invoice {
  const subscription = named(provider, 'subscription', schedule.subscription ?? undefined, 'schedule')
  if (!subscription) throw refused(`The schedule ${schedule.id} has no subscription yet.`, 'schedule')
  const { price, quantity, current_period_end: start } = itemOf(subscription)
  const [wanted] = phaseAt(schedule, start)?.items ?? []
  const next = named(provider, 'price', wanted?.price, 'schedule') ?? price
  const item = withItem(subscription, { price: next, quantity: wanted?.quantity ?? quantity })
  return renewal(provider, { ...subscription, ...item }, start, [])
}

/** Computes the invoice of the period that begins at `start`, with the lines that wait for it. */
function renewal(
  provider: Provider,
  subscription: Subscription,
  start: number,
  lines: readonly InvoiceLine[],
): Invoice {
  const { price, current_period_start } = itemOf(subscription)
  if (!price.recurring) throw new Error(`${price.id} does not recur.`)
  const note = provider.store.need('billingNote', subscription.id)
  const end = periodEndAfter(Math.min(subscription.billing_cycle_anchor, start), start, price.recurring)
  const all = [...note.pendingLines, ...lines, periodLine(provider, subscription, { start, end })]
  return computeInvoice(provider, subscription, 'upcoming', all, { start: current_period_start, end: start })
}
