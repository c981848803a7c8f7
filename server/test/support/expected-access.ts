import type Stripe from 'stripe'

// Computes the access that a member should have from the payment provider's current records (subscriptions, invoices, charges,
// disputes). It uses neither the server's tables nor events, and shares no code with the ledger.

/** A period of access in milliseconds since 1970. `until` is exclusive. */
export interface AccessPeriod {
  readonly planId: string
  readonly from: number
  readonly until: number
  readonly why: 'paid' | 'trial' | 'grace' | 'gift' | 'complimentary'
}

export interface ProviderRecords {
  readonly stripe: Stripe
  readonly customer: string
  readonly planOfPrice: ReadonlyMap<string, string>
  readonly graceMilliseconds: number
}

const milliseconds = (seconds: number): number => seconds * 1000

/**
 * Returns the periods of access from a customer's payments, including grace periods.
 *
 * @param only the id of a subscription; default: all subscriptions of the customer
 */
export async function paidPeriods(records: ProviderRecords, now: number, only?: string): Promise<AccessPeriod[]> {
  const { stripe, customer } = records
  const [subscriptions, invoices, charges, disputes] = await Promise.all([
    stripe.subscriptions.list({ customer, status: 'all', limit: 100 }),
    stripe.invoices.list({ customer, limit: 100, expand: ['data.payments'] }),
    stripe.charges.list({ customer, limit: 100 }),
    stripe.disputes.list({ limit: 100 }),
  ])
  const lost = new Set(disputes.data.filter(({ status }) => status === 'lost').map(({ charge }) => String(charge)))
  const refundedCharges = charges.data.filter(({ id, refunded }) => refunded || lost.has(id))
  const intents = new Set(refundedCharges.map(({ payment_intent: intent }) => String(intent)))
  return subscriptions.data.flatMap((subscription) => {
    if (only !== undefined && subscription.id !== only) return []
    const bills = invoices.data
      .filter(({ parent }) => parent?.subscription_details?.subscription === subscription.id)
      .map((invoice) => ({ invoice, isRefunded: paymentsOf(invoice).some((intent) => intents.has(intent)) }))
    return periodsOf(subscription, bills, records, now)
  })
}

interface Bill {
  readonly invoice: Stripe.Invoice
  /** Refunded, or lost in a dispute. */
  readonly isRefunded: boolean
}

function periodsOf(
  subscription: Stripe.Subscription,
  bills: readonly Bill[],
  records: ProviderRecords,
  now: number,
): AccessPeriod[] {
  const { status, cancel_at: cancelAt, trial_start: trialStart, trial_end: trialEnd } = subscription
  const planId = records.planOfPrice.get(subscription.items.data[0]?.price.id ?? '')
  if (planId === undefined) throw new Error('the price belongs to no plan')
  const goesOn = (from: number, end: number, why: AccessPeriod['why']): AccessPeriod[] => {
    if (cancelAt !== null) return [{ planId, from, until: Math.min(end, milliseconds(cancelAt)), why }]
    return [
      { planId, from, until: end, why },
      { planId, from: end, until: end + records.graceMilliseconds, why: 'grace' },
    ]
  }
  if (status === 'trialing') return goesOn(milliseconds(trialStart ?? 0), milliseconds(trialEnd ?? 0), 'trial')
  if (status === 'active') {
    // The last paid period that has started. If it was refunded, there is no access.
    const [present] = bills
      .filter(({ invoice }) => invoice.status === 'paid')
      .flatMap(({ invoice, isRefunded }) => wholePeriods(invoice).map((period) => ({ ...period, isRefunded })))
      .filter(({ from, until }) => from <= now && now < until)
      .sort((a, b) => b.from - a.from)
    return present && !present.isRefunded ? goesOn(present.from, present.until, 'paid') : []
  }
  if (status === 'past_due') {
    // The grace period starts at the beginning of the unpaid period.
    const owed = bills
      .filter(({ invoice }) => invoice.status === 'open')
      .flatMap(({ invoice }) => wholePeriods(invoice))
    const from = Math.min(...owed.map((period) => period.from))
    return [{ planId, from, until: from + records.graceMilliseconds, why: 'grace' }]
  }
  return []
}

/** Returns the full periods of an invoice, without prorations. */
const wholePeriods = ({ lines }: Stripe.Invoice): Pick<AccessPeriod, 'from' | 'until'>[] =>
  lines.data
    .filter(({ parent }) => parent?.subscription_item_details?.proration !== true)
    .map(({ period }) => ({ from: milliseconds(period.start), until: milliseconds(period.end) }))

const paymentsOf = ({ payments }: Stripe.Invoice): string[] =>
  (payments?.data ?? []).map(({ payment }) => String(payment.payment_intent))

/** Returns the same day a number of months later, or the last day of that month. */
export function monthsLater(from: Date, months: number): Date {
  for (let day = from.getUTCDate(); ; day -= 1) {
    const there = new Date(from)
    there.setUTCFullYear(from.getUTCFullYear(), from.getUTCMonth() + months, day)
    if (there.getUTCDate() === day) return there
  }
}

export const covers = ({ from, until }: AccessPeriod, instant: number): boolean => from <= instant && instant < until
