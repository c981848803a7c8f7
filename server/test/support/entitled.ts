import type Stripe from 'stripe'

// What a member is entitled to, said a second time: from what the payment provider has on record now (subscriptions, invoices,
// charges, disputes) and what was given. It asks nothing of our tables, knows no event and shares no code with the ledger.

/** Half open, in milliseconds since 1970: `from` belongs to it, `until` does not. */
export interface Stretch {
  readonly planId: string
  readonly from: number
  readonly until: number
  readonly why: 'paid' | 'trial' | 'grace' | 'gift' | 'complimentary'
}

export interface Books {
  readonly stripe: Stripe
  readonly customer: string
  readonly planOfPrice: ReadonlyMap<string, string>
  readonly graceMilliseconds: number
}

const milliseconds = (seconds: number): number => seconds * 1000

/**
 * The stretches of time that the provider's books and the rule of grace make of what somebody pays, as things stand now.
 *
 * @param only of this subscription; of all of theirs when left out
 */
export async function paidStretches(books: Books, now: number, only?: string): Promise<Stretch[]> {
  const { stripe, customer } = books
  const [subscriptions, invoices, charges, disputes] = await Promise.all([
    stripe.subscriptions.list({ customer, status: 'all', limit: 100 }),
    stripe.invoices.list({ customer, limit: 100, expand: ['data.payments'] }),
    stripe.charges.list({ customer, limit: 100 }),
    stripe.disputes.list({ limit: 100 }),
  ])
  const lost = new Set(disputes.data.filter(({ status }) => status === 'lost').map(({ charge }) => String(charge)))
  const givenBack = charges.data.filter(({ id, refunded }) => refunded || lost.has(id))
  const intents = new Set(givenBack.map(({ payment_intent: intent }) => String(intent)))
  return subscriptions.data.flatMap((one) => {
    if (only !== undefined && one.id !== only) return []
    const bills = invoices.data
      .filter(({ parent }) => parent?.subscription_details?.subscription === one.id)
      .map((invoice) => ({ invoice, isGivenBack: paymentsOf(invoice).some((intent) => intents.has(intent)) }))
    return stretchesOf(one, bills, books, now)
  })
}

interface Bill {
  readonly invoice: Stripe.Invoice
  readonly isGivenBack: boolean
}

function stretchesOf(subscription: Stripe.Subscription, bills: readonly Bill[], books: Books, now: number): Stretch[] {
  const { status, cancel_at: cancelAt, trial_start: trialStart, trial_end: trialEnd } = subscription
  const planId = books.planOfPrice.get(subscription.items.data[0]?.price.id ?? '')
  if (planId === undefined) throw new Error('a price of nobody')
  const goesOn = (from: number, end: number, why: Stretch['why']): Stretch[] => {
    if (cancelAt !== null) return [{ planId, from, until: Math.min(end, milliseconds(cancelAt)), why }]
    return [
      { planId, from, until: end, why },
      { planId, from: end, until: end + books.graceMilliseconds, why: 'grace' },
    ]
  }
  if (status === 'trialing') return goesOn(milliseconds(trialStart ?? 0), milliseconds(trialEnd ?? 0), 'trial')
  if (status === 'active') {
    // The last period that was begun and paid for; was that given back, nothing is left.
    const [present] = bills
      .filter(({ invoice }) => invoice.status === 'paid')
      .flatMap(({ invoice, isGivenBack }) => wholePeriods(invoice).map((period) => ({ ...period, isGivenBack })))
      .filter(({ from, until }) => from <= now && now < until)
      .sort((a, b) => b.from - a.from)
    return present && !present.isGivenBack ? goesOn(present.from, present.until, 'paid') : []
  }
  if (status === 'past_due') {
    // The grace runs from where the period begins that was not paid.
    const owed = bills
      .filter(({ invoice }) => invoice.status === 'open')
      .flatMap(({ invoice }) => wholePeriods(invoice))
    const from = Math.min(...owed.map((period) => period.from))
    return [{ planId, from, until: from + books.graceMilliseconds, why: 'grace' }]
  }
  return []
}

/** What an invoice is for, but for the differences that it settles. */
const wholePeriods = ({ lines }: Stripe.Invoice): Pick<Stretch, 'from' | 'until'>[] =>
  lines.data
    .filter(({ parent }) => parent?.subscription_item_details?.proration !== true)
    .map(({ period }) => ({ from: milliseconds(period.start), until: milliseconds(period.end) }))

const paymentsOf = ({ payments }: Stripe.Invoice): string[] =>
  (payments?.data ?? []).map(({ payment }) => String(payment.payment_intent))

/** The same day so many months later, or the last day of a month that has no such day. */
export function monthsLater(from: Date, months: number): Date {
  for (let day = from.getUTCDate(); ; day -= 1) {
    const there = new Date(from)
    there.setUTCFullYear(from.getUTCFullYear(), from.getUTCMonth() + months, day)
    if (there.getUTCDate() === day) return there
  }
}

export const covers = ({ from, until }: Stretch, instant: number): boolean => from <= instant && instant < until
