import type Stripe from 'stripe'
import { planOf } from '../../objects/catalogue.ts'
import { makeLine } from '../../objects/invoice.ts'
import type { InvoiceLine, Price, Subscription } from '../../state/resources.ts'
import type { Provider } from '../../state/provider.ts'
import { periodEndAfter } from '../calendar.ts'
import { formatDay } from '../format.ts'
import { itemOf, nameOf, periodLine, withItem } from '../invoices/invoicing.ts'

export interface PriceChange {
  readonly price: Price
  readonly quantity: number
  readonly prorationBehavior: Stripe.SubscriptionUpdateParams.ProrationBehavior
}

interface PlannedChange {
  /** The changed subscription, not stored. */
  readonly subscription: Subscription
  readonly lines: InvoiceLine[]
  /** Whether the lines are invoiced at once. Otherwise they wait for the next invoice. */
  readonly invoiced: boolean
}

/**
 * Computes a price change within a period, by the second: the unused time is credited, and the rest of the period costs the new price.
 * Another interval begins a new period now, which is always invoiced at once.
 */
export function planPriceChange(provider: Provider, subscription: Subscription, wanted: PriceChange): PlannedChange {
  const now = provider.clock.seconds()
  const item = itemOf(subscription)
  const { price, quantity, prorationBehavior } = wanted
  const changed = { price, plan: planOf(price), quantity }
  const inTrial = subscription.status === 'trialing'
  if (inTrial)
    return { subscription: { ...subscription, ...withItem(subscription, changed) }, lines: [], invoiced: false }
  const prorates = prorationBehavior !== 'none'
  const credits = prorates ? creditLines(provider, subscription, now) : []
  if (!price.recurring || isSameInterval(item.price, price)) {
    const after = { ...subscription, ...withItem(subscription, changed) }
    const rest = { start: now, end: item.current_period_end }
    const lines = prorates ? [...credits, remainingLine(provider, after, rest, item.current_period_start)] : []
    return { subscription: after, lines, invoiced: prorationBehavior === 'always_invoice' }
  }
  const period = { start: now, end: periodEndAfter(now, now, price.recurring) }
  const after = {
    ...subscription,
    billing_cycle_anchor: now,
    ...withItem(subscription, { ...changed, current_period_start: period.start, current_period_end: period.end }),
  }
  return { subscription: after, lines: [...credits, periodLine(provider, after, period)], invoiced: true }
}

export const isSameInterval = (one: Price, other: Price): boolean =>
  one.recurring?.interval === other.recurring?.interval &&
  one.recurring?.interval_count === other.recurring?.interval_count

/** Credits the remaining time of the line that pays for the current period, at the price that was paid. */
function creditLines(provider: Provider, subscription: Subscription, now: number): InvoiceLine[] {
  const item = itemOf(subscription)
  const paid = payingLine(provider, subscription, now)
  const net = paid
    ? paid.line.amount - paid.line.discount_amounts.reduce((sum, one) => sum + one.amount, 0)
    : item.price.unit_amount * item.quantity
  const period = paid?.line.period ?? { start: item.current_period_start, end: item.current_period_end }
  const credit = Math.round((net * (period.end - now)) / (period.end - period.start))
  return [
    makeLine({
      subscription,
      price: item.price,
      quantity: item.quantity,
      amount: credit === 0 ? 0 : -credit,
      description: `Unused time on ${nameOf(provider, item.price)} after ${formatDay(now)}`,
      period: { start: now, end: period.end },
      proration: true,
      // The amount already has the discount deducted.
      discountable: false,
      ...(paid && { credits: { invoice: paid.invoice, lines: [paid.line.id] } }),
    }),
  ]
}

/** Returns the newest line of the current period, invoiced or pending. */
function payingLine(provider: Provider, subscription: Subscription, now: number) {
  const { store } = provider
  const item = itemOf(subscription)
  const pending = store.get('billingNote', subscription.id)?.pendingLines ?? []
  const invoiced = store
    .all('invoice')
    .filter((one) => one.parent?.subscription_details?.subscription === subscription.id && one.status !== 'void')
    .flatMap((one) => one.lines.data.map((line) => ({ line, invoice: one.id })))
  return (
    [...invoiced, ...pending.map((line) => ({ line, invoice: '' }))]
      .filter(({ line }) => line.amount >= 0 && line.period.end === item.current_period_end && line.period.start <= now)
      // After a change without proration the new price was not charged. The line of the previous price still pays for the period.
      .filter(({ line }) => line.pricing?.price_details?.price === item.price.id)
      .at(-1)
  )
}

function remainingLine(
  provider: Provider,
  subscription: Subscription,
  rest: { start: number; end: number },
  start: number,
) {
  const { price, quantity } = itemOf(subscription)
  const share = (rest.end - rest.start) / (rest.end - start)
  return makeLine({
    subscription,
    price,
    quantity,
    amount: Math.round(price.unit_amount * quantity * share),
    description: `Remaining time on ${nameOf(provider, price)} after ${formatDay(rest.start)}`,
    period: rest,
    proration: true,
    discountable: true,
  })
}
