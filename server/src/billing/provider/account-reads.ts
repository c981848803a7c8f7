import type Stripe from 'stripe'
import type { z } from 'zod'
import type { Card, Invoice, InvoiceStatus, NextPayment, Price } from '../../schema-types.ts'
import { customerWithCard, invoicePreview, invoices, subscriptionWithCard } from './answers.ts'
import { subscriptionOf } from './subscriptions.ts'
import { answerOf, answerUnlessGone } from './calls.ts'
import { sdkOf, whenReading, type ProviderClient } from './client.ts'

// Reads for the account page. The customer always comes from the member's own row.

/** The stored ids by which a subscription is found at the provider. */
export interface StoredSubscription {
  readonly subscriptionId: string
  readonly customerId: string
  readonly scheduleId: string | null
  /** The scheduled change of plan, or null. */
  readonly next: object | null
}

/** Returns the card of the next payment, or null if there is none. */
export async function cardOf(
  stripe: ProviderClient,
  { customerId, subscription }: { readonly customerId: string; readonly subscription: StoredSubscription | null },
): Promise<Card | null> {
  const ownDefault = 'invoice_settings.default_payment_method'
  const [customer, paying] = await Promise.all([
    answerUnlessGone(
      sdkOf(stripe).customers.retrieve(customerId, { expand: [ownDefault] }, whenReading),
      customerWithCard,
    ),
    subscription &&
      answerUnlessGone(
        sdkOf(stripe).subscriptions.retrieve(
          subscription.subscriptionId,
          { expand: ['default_payment_method'] },
          whenReading,
        ),
        subscriptionWithCard,
      ),
  ])
  // Like the provider, prefers the payment method of the subscription.
  const method =
    paying?.default_payment_method ??
    (customer?.deleted === true ? null : customer?.invoice_settings?.default_payment_method)
  if (!method?.card) return null
  const { brand, last4, exp_month: expiryMonth, exp_year: expiryYear } = method.card
  return { brand, last4, expiryMonth, expiryYear }
}

/** Returns the invoices of a customer, the latest first. Empty if the provider does not have the customer. */
export async function invoicesOf(stripe: ProviderClient, customer: string, limit: number): Promise<Invoice[]> {
  const list = await answerUnlessGone(sdkOf(stripe).invoices.list({ customer, limit }, whenReading), invoices)
  return list?.flatMap(invoiceOf) ?? []
}

/** Returns the latest open invoice, or null. */
export async function openInvoiceOf(stripe: ProviderClient, customer: string): Promise<Invoice | null> {
  const asked = sdkOf(stripe).invoices.list({ customer, status: 'open', limit: 1 }, whenReading)
  const list = await answerUnlessGone(asked, invoices)
  return list?.flatMap(invoiceOf)[0] ?? null
}

/** Returns the payment for the next period, after the scheduled change of plan. */
export async function nextPaymentOf(
  stripe: ProviderClient,
  row: StoredSubscription,
  periodEnd: Date,
): Promise<NextPayment> {
  const { subscriptionId, customerId: customer, scheduleId, next } = row
  const what = next && scheduleId !== null ? { schedule: scheduleId } : { subscription: subscriptionId }
  const preview = await answerOf(
    sdkOf(stripe).invoices.createPreview({ customer, ...what }, whenReading),
    invoicePreview,
  )
  return { at: periodEnd, amount: money(preview.amount_due, preview.currency) }
}

/** Returns the cost of an immediate change to a price. @param endsTrial whether the change ends the trial */
export async function dueNowOf(
  stripe: ProviderClient,
  row: StoredSubscription,
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
  const preview = await answerOf(
    sdkOf(stripe).invoices.createPreview({ customer, subscription, subscription_details: details }, whenReading),
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

/** Returns an empty list for an invoice with an unknown status. */
function invoiceOf(invoice: z.output<typeof invoices>[number]): Invoice[] {
  const status = statuses.get(invoice.status ?? 'draft')
  if (status === undefined) return []
  const { id, number, created, total, currency, lines, hosted_invoice_url: url } = invoice
  // The invoice of a gift has a description. Other invoices have descriptions of their lines.
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
