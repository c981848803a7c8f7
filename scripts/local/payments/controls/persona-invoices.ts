import { addIntervals } from '../billing/calendar.ts'
import { computeInvoice, finalizeInvoice, periodLine, type Period } from '../billing/invoices/invoicing.ts'
import { attemptInvoice, retryPauseDays } from '../billing/invoices/pay.ts'
import type { Invoice, Price, Subscription } from '../state/resources.ts'
import { change, type Provider } from '../state/provider.ts'
import type { Persona } from './persona-parts.ts'

/** The maximum number of invoices of a persona. */
const maxInvoices = 24

/** Returns the periods from the start to the present one, the oldest first. */
export function periodsOf({ startedAt, periodStart, periodEnd }: Persona, { recurring }: Price): Period[] {
  const periods = [{ start: periodStart, end: periodEnd }]
  for (let times = 1; recurring && times < maxInvoices; times += 1) {
    const start = addIntervals(periodStart, recurring, -times)
    if (start < startedAt - 86_400) break
    periods.unshift({ start: Math.max(start, startedAt), end: addIntervals(periodStart, recurring, 1 - times) })
  }
  return periods
}

/** Creates a paid invoice or, if `isOpen`, one whose payment failed. */
export function putInvoice(
  provider: Provider,
  subscription: Subscription,
  period: Period,
  index: number,
  isOpen: boolean,
  id: (kind: string) => string,
): void {
  const { store } = provider
  const lines = [{ ...periodLine(provider, subscription, period), id: id('il') }]
  const computed = computeInvoice(
    provider,
    subscription,
    index === 0 ? 'subscription_create' : 'subscription_cycle',
    lines,
    period,
  )
  const invoice = withId(computed, id('in'))
  store.put('invoice', invoice)
  change(provider, 'subscription', subscription, { latest_invoice: invoice.id })
  const final = finalizeInvoice(provider, invoice)
  if (!isOpen) attemptInvoice(provider, final, { presence: 'confirmed', automatic: true })
  else change(provider, 'invoice', final, retriesOf(provider, period.start))
}

const withId = (invoice: Invoice, id: string): Invoice => ({
  ...invoice,
  id,
  lines: {
    ...invoice.lines,
    url: `/v1/invoices/${id}/lines`,
    data: invoice.lines.data.map((line) => ({ ...line, invoice: id })),
  },
})

/** Counts the retries before now as failed. The persona stays past due until the next retry or the next period. */
function retriesOf({ clock }: Provider, failedAt: number): Partial<Invoice> {
  const now = Math.floor((Date.now() + clock.offsetMilliseconds) / 1000)
  let at = failedAt
  const attempts = retryPauseDays.map((days) => (at += days * 86_400))
  const past = attempts.filter((one) => one <= now).length
  return { attempted: true, attempt_count: 1 + past, next_payment_attempt: attempts[past] ?? null }
}
