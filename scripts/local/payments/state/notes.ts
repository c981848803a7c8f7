import type { InvoiceLine, LineItem } from './resources.ts'

// Facts that Stripe's objects do not contain. They are stored beside the objects and never returned.

/** The test card of a payment method. */
export interface CardNote {
  id: string
  number: string
  /** The owner has confirmed the card once, so it can be charged in the owner's absence. */
  authenticated: boolean
}

/** The line items of a checkout session, and properties of the subscription or payment that it creates. */
export interface CheckoutNote {
  id: string
  lineItems: LineItem[]
  trialDays: number
  paymentMetadata: Record<string, string>
}

/** The expiry of a portal session, in wall time. */
export interface PortalNote {
  id: string
  expiresAt: number
}

/** Billing facts of a subscription. */
export interface BillingNote {
  id: string
  /** `customer.subscription.trial_will_end` was sent. */
  trialEndAnnounced: boolean
  /** Prorations for the next invoice. */
  pendingLines: InvoiceLine[]
}

/** The token in the address of an invoice's page. */
export interface HostedNote {
  id: string
  invoice: string
}

/** The delivery of an event to the webhook address. Times are wall time. */
export interface Delivery {
  id: string
  event: string
  state: 'pending' | 'delivered' | 'failed'
  attempts: { at: string; answer: string }[]
  nextAttemptAt: number
}

/** The stored answer for requests that are repeated with the same idempotency key. */
export interface KeptAnswer {
  id: string
  fingerprint: string
  /** In business time, like the 24 hours of its storage. */
  createdAt: number
  requestId: string
  status: number
  body: string
}
