import type Stripe from 'stripe'
import type { z } from 'zod'
import type { Card, Invoice, InvoiceStatus, NextPayment, Price } from '../../schema-types.ts'
import { customerWithCard, invoicePreview, invoices, subscriptionWithCard } from './answers.ts'
import { subscriptionOf } from './subscriptions.ts'
import type { Payer } from '../queries.ts'
import { parseAnswer, answerUnlessGone, whenReading } from './calls.ts'
import type { SubscriptionRow } from '../types.ts'

// What only the provider knows, for the account page. Always asked with the customer that our own row names.

/** The card that the next payment is taken from; null without one. */
export async function cardOf(stripe: Stripe, { customerId, subscription }: Payer): Promise<Card | null> {
  const ownDefault = 'invoice_settings.default_payment_method'
  const [customer, paying] = await Promise.all([
    answerUnlessGone(stripe.customers.retrieve(customerId, { expand: [ownDefault] }, whenReading), customerWithCard),
    subscription &&
      answerUnlessGone(
        stripe.subscriptions.retrieve(subscription.subscriptionId, { expand: ['default_payment_method'] }, whenReading),
        subscriptionWithCard,
      ),
  ])
  // The subscription's own goes first at the provider too.
  const method =
    paying?.default_payment_method ??
    (customer?.deleted === true ? null : customer?.invoice_settings?.default_payment_method)
  if (!method?.card) return null
  const { brand, last4, exp_month: expiryMonth, exp_year: expiryYear } = method.card
  return { brand, last4, expiryMonth, expiryYear }
}

/** The receipts, the latest first; none of a customer that the provider does not know. */
export async function invoicesOf(stripe: Stripe, customer: string, limit: number): Promise<Invoice[]> {
  const list = await answerUnlessGone(stripe.invoices.list({ customer, limit }, whenReading), invoices)
  return list?.flatMap(invoiceOf) ?? []
}

/** The latest invoice that waits to be paid. */
export async function openInvoiceOf(stripe: Stripe, customer: string): Promise<Invoice | null> {
  const asked = stripe.invoices.list({ customer, status: 'open', limit: 1 }, whenReading)
  const list = await answerUnlessGone(asked, invoices)
  return list?.flatMap(invoiceOf)[0] ?? null
}

/** The payment for the next period, with the change that is scheduled for then. */
export async function nextPaymentOf(stripe: Stripe, row: SubscriptionRow, periodEnd: Date): Promise<NextPayment> {
  const { subscriptionId, customerId: customer, scheduleId, next } = row
  const what = next && scheduleId !== null ? { schedule: scheduleId } : { subscription: subscriptionId }
  const preview = await parseAnswer(stripe.invoices.createPreview({ customer, ...what }, whenReading), invoicePreview)
  return { at: periodEnd, amount: money(preview.amount_due, preview.currency) }
}

/** Asks what a change to a price costs if it is made now. @param change `endsTrial`: the free days end with it */
export async function dueNowOf(
  stripe: Stripe,
  row: SubscriptionRow,
  { priceId, endsTrial }: { readonly priceId: string; readonly endsTrial: boolean },
): Promise<Price> {
  const { subscriptionId: subscription, customerId: customer } = row
  const { itemId } = await subscriptionOf(stripe, row, whenReading)
  const items = [{ id: itemId, price: priceId }]
  const details = {
    items,
    proration_behavior: 'always_invoice',
    ...(endsTrial && { trial_end: 'now' }),
  } satisfies Stripe.InvoiceCreatePreviewParams.SubscriptionDetails
  const preview = await parseAnswer(
    stripe.invoices.createPreview({ customer, subscription, subscription_details: details }, whenReading),
    invoicePreview,
  )
  return money(preview.amount_due, preview.currency)
}

const money = (amountMinor: number, currency: string): Price => ({ amountMinor, currency: currency.toUpperCase() })

const statuses: ReadonlyMap<string, InvoiceStatus> = new Map([
  ['draft', 'DRAFT'],
  ['open', 'OPEN'],
  ['paid', 'PAID'],
  ['uncollectible', 'UNCOLLECTIBLE'],
  ['void', 'VOID'],
])

/** None for one whose status is a word that nobody here knows. */
function invoiceOf(invoice: z.output<typeof invoices>[number]): Invoice[] {
  const status = statuses.get(invoice.status ?? 'draft')
  if (status === undefined) return []
  const { id, number, created, total, currency, lines, hosted_invoice_url: url } = invoice
  // What we said of all of it, as of a gift; else what each line is.
  const ofLines = lines.map(({ description }) => description).filter((text) => text !== null)
  const words = new Set(invoice.description ? [invoice.description] : ofLines)
  return [
    {
      id,
      number,
      createdAt: created,
      description: [...words].join('; ') || null,
      total: money(total, currency),
      status,
      url,
    },
  ]
}
