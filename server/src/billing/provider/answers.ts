import { z } from 'zod'
import {
  address,
  amount,
  currency,
  listOf,
  metadata,
  optional,
  reference,
  seconds,
  text,
  unixSeconds,
  words,
} from './values.ts'

// Schemas of the provider's responses. They contain only the fields that this server reads.

/** A response whose content is not used. */
export const anyAnswer = z.unknown()

/** An object of which only the id is used. */
export const anyObject = z.object({ id: text })

export const checkoutSession = z.object({
  id: text,
  // Strict, because a session with an unknown status might still be payable.
  status: optional(z.enum(['open', 'complete', 'expired'])),
  url: optional(address),
  customer: optional(reference),
  subscription: optional(reference),
  metadata: optional(metadata),
})
export type CheckoutSession = z.output<typeof checkoutSession>

export const portalSession = z.object({ url: address })

/** The provider returns a deleted customer with its id and `deleted`. */
export const customer = z.object({ id: text, deleted: optional(z.boolean()) })

const card = z.object({
  brand: text,
  last4: z.string().regex(/^\d{4}$/),
  exp_month: z.number().int().min(1).max(12),
  exp_year: z.number().int().min(1900).max(9999),
})
/** An id if it was not expanded. Payment methods other than cards have no `card`. */
const paymentMethod = z.union([text.transform(() => ({ card: null })), z.object({ card: optional(card) })])
export const customerWithCard = z.object({
  deleted: optional(z.boolean()),
  invoice_settings: optional(z.object({ default_payment_method: optional(paymentMethod) })),
})
export const subscriptionWithCard = z.object({ default_payment_method: optional(paymentMethod) })

export const invoices = listOf(
  z.object({
    id: text,
    number: optional(text),
    status: optional(text),
    created: seconds,
    total: amount,
    currency,
    description: optional(words),
    hosted_invoice_url: optional(address),
    lines: listOf(z.object({ description: optional(words) })),
  }),
)
export const invoicePreview = z.object({ amount_due: amount, currency })

export const subscription = z.object({
  id: text,
  status: text,
  customer: reference,
  schedule: optional(reference),
  cancel_at: optional(seconds),
  cancel_at_period_end: z.boolean(),
  trial_end: optional(seconds),
  items: listOf(z.object({ id: text, price: reference })),
})

const discount = z.object({
  discount: optional(reference),
  promotion_code: optional(reference),
  coupon: optional(reference),
})
const phase = z.object({
  start_date: unixSeconds,
  end_date: unixSeconds,
  trial_end: optional(unixSeconds),
  items: z.array(z.object({ price: reference, quantity: optional(z.number().int().positive()) })).min(1),
  discounts: optional(z.array(discount)),
})
export type SchedulePhase = z.output<typeof phase>
export const schedule = z.object({
  id: text,
  current_phase: optional(z.object({ start_date: unixSeconds })),
  phases: z.array(phase),
})

export const product = z.object({
  id: text,
  name: words,
  description: optional(words),
  active: z.boolean(),
  metadata,
})
export const price = z.object({
  id: text,
  active: z.boolean(),
  currency,
  unit_amount: optional(z.number().int()),
  recurring: optional(z.object({ interval: text, interval_count: z.number().int() })),
})
/** A price with its product expanded. */
export const priceAndProduct = z.object({
  id: text,
  active: z.boolean(),
  // A deleted product is not expanded.
  product: z.union([text.transform(() => null), z.object({ id: text, active: optional(z.boolean()) })]),
})
export const promotionCodes = listOf(
  z.object({
    id: text,
    code: text,
    active: z.boolean(),
    metadata: optional(metadata),
    promotion: z.object({ coupon: optional(reference) }),
  }),
)

/** A subscription in a list of all. */
export const listedSubscription = z.object({ id: text, customer: reference })
