import { z } from 'zod'
import { amount, currency, listOf, metadata, misfitOf, optional, reference, seconds, text } from '../provider/values.ts'

// Schemas of the objects in the provider's events. They contain only the fields that the ledger reads.

const subscription = z
  .object({
    id: text,
    status: text,
    items: z.object({
      data: z
        .array(
          z.object({
            price: reference,
            current_period_start: optional(seconds),
            current_period_end: optional(seconds),
          }),
        )
        .min(1),
    }),
    start_date: optional(seconds),
    created: optional(seconds),
    cancel_at: optional(seconds),
    cancel_at_period_end: optional(z.boolean()),
    canceled_at: optional(seconds),
    ended_at: optional(seconds),
    pause_collection: optional(z.object({})),
    schedule: optional(reference),
    latest_invoice: optional(reference),
  })
  .transform((found, context) => {
    const [item] = found.items.data
    const startedAt = found.start_date ?? found.created
    if (item === undefined || startedAt === null) {
      context.addIssue({ code: 'custom', message: 'without a start', input: undefined })
      return z.NEVER
    }
    return {
      kind: 'subscription' as const,
      id: found.id,
      status: found.status,
      priceId: item.price,
      periodStart: item.current_period_start,
      periodEnd: item.current_period_end,
      startedAt,
      cancelAt: found.cancel_at,
      cancelAtPeriodEnd: found.cancel_at_period_end ?? false,
      canceledAt: found.canceled_at,
      endedAt: found.ended_at,
      isPaused: found.pause_collection !== null,
      scheduleId: found.schedule,
      latestInvoiceId: found.latest_invoice,
    }
  })

const schedule = z
  .object({
    id: text,
    status: text,
    phases: z.array(z.object({ start_date: seconds, items: z.array(z.object({ price: reference })) })),
  })
  .transform(({ id, status, phases }) => ({
    kind: 'schedule' as const,
    id,
    status,
    phases: phases.map(({ start_date: startsAt, items }) => ({ startsAt, priceId: items[0]?.price ?? null })),
  }))

const prorated = z.object({
  proration: optional(z.boolean()),
  proration_details: optional(z.object({ credited_items: optional(z.object({})) })),
})
const invoiceLine = z
  .object({
    amount: optional(z.number().int()),
    period: z.object({ start: seconds, end: seconds }),
    parent: optional(
      z.object({
        subscription_item_details: optional(prorated),
        invoice_item_details: optional(prorated),
      }),
    ),
    pricing: optional(z.object({ price_details: optional(z.object({ price: optional(reference) })) })),
  })
  .transform(({ amount, period, parent, pricing }) => {
    const details = parent?.subscription_item_details ?? parent?.invoice_item_details
    const isProration = details?.proration === true
    // The credit for a free price has the amount 0.
    const isCredit =
      isProration && ((amount !== null && amount < 0) || details.proration_details?.credited_items != null)
    return { ...period, isProration, isCredit, priceId: pricing?.price_details?.price ?? null }
  })

const invoice = z
  .object({
    id: text,
    status: optional(text),
    parent: optional(z.object({ subscription_details: optional(z.object({ subscription: reference })) })),
    lines: listOf(invoiceLine),
  })
  .transform(({ id, status, parent, lines }) => ({
    kind: 'invoice' as const,
    id,
    status,
    subscriptionId: parent?.subscription_details?.subscription ?? null,
    lines,
  }))

const invoicePayment = z
  .object({ id: text, invoice: reference, payment: z.object({ payment_intent: optional(reference) }) })
  .transform(({ id }) => ({ kind: 'invoicePayment' as const, id }))

/** An amount of any size in the smallest unit of a currency. It is only compared, never stored. */
const anyAmount = z.number().int().nonnegative()
const charge = z
  .object({ id: text, amount: anyAmount, amount_refunded: anyAmount })
  .transform(({ id, amount: of, amount_refunded: refunded }) => ({
    kind: 'charge' as const,
    id,
    // A partial refund changes nothing.
    isRefunded: of > 0 && refunded >= of,
  }))

const dispute = z
  .object({ id: text, status: text })
  .transform(({ id, status }) => ({ kind: 'dispute' as const, id, isLost: status === 'lost' }))

const session = z
  .object({
    id: text,
    mode: text,
    payment_status: text,
    amount_total: optional(amount.nonnegative()),
    currency: optional(currency),
    subscription: optional(reference),
    metadata: optional(metadata),
  })
  .transform((found) => ({
    kind: 'session' as const,
    id: found.id,
    mode: found.mode,
    isPaid: found.payment_status === 'paid' || found.payment_status === 'no_payment_required',
    amountMinor: found.amount_total,
    currency: found.currency,
    subscriptionId: found.subscription,
    metadata: found.metadata ?? new Map<string, string>(),
  }))

export type SubscriptionSnapshot = z.output<typeof subscription>
export type ProviderInvoice = z.output<typeof invoice>
export type ProviderInvoiceLine = z.output<typeof invoiceLine>
export type ProviderSchedule = z.output<typeof schedule>
type ProviderSession = z.output<typeof session>
export type ProviderObject =
  | SubscriptionSnapshot
  | ProviderSchedule
  | ProviderInvoice
  | z.output<typeof invoicePayment>
  | z.output<typeof charge>
  | z.output<typeof dispute>
  | ProviderSession

/** The schemas of events' objects, by type. Events of other types change nothing. */
const schemas: readonly (readonly [RegExp, z.ZodType<ProviderObject>])[] = [
  [/^(customer|gatepost)\.subscription\./, subscription],
  [/^subscription_schedule\./, schedule],
  // The invoice of `invoice.upcoming` is a preview without an id.
  [/^invoice\.(?!upcoming$)/, invoice],
  [/^invoice_payment\./, invoicePayment],
  [/^charge\.refunded$/, charge],
  [/^charge\.dispute\.closed$/, dispute],
  [/^checkout\.session\./, session],
]

/** Returns whether events of a type can change memberships or gifts. */
export const isEffective = (type: string): boolean => schemas.some(([types]) => types.test(type))

/** Parses the object of an event. @returns for a malformed object a description of the fault, without its values */
export function parseProviderObject(type: string, object: unknown): ProviderObject | string {
  const schema = schemas.find(([types]) => types.test(type))?.[1]
  if (schema === undefined) return `objects of the type ${type} are not read`
  const parsed = schema.safeParse(object)
  return parsed.success ? parsed.data : `the object ${misfitOf(parsed.error)}`
}
