import type { InvoiceLine, LineItem } from './resources.ts'

// What Stripe knows and does not show: kept beside the objects, never answered.

/** Of a payment method: which test card it is. */
export interface CardNote {
  id: string
  number: string
  /** Its owner has confirmed it once, so that it may be charged without them. */
  authenticated: boolean
}

/** Of a checkout session: what is bought, and what is to be made of it. */
export interface CheckoutNote {
  id: string
  lineItems: LineItem[]
  trialDays: number
  subscriptionMetadata: Record<string, string>
  paymentMetadata: Record<string, string>
}

/** Of a portal session: until when its address works, in wall time. */
export interface PortalNote {
  id: string
  expiresAt: number
}

/** Of a subscription. */
export interface BillingNote {
  id: string
  /** `customer.subscription.trial_will_end` was sent. */
  trialEndAnnounced: boolean
  /** Prorations that wait for the next invoice. */
  pendingLines: InvoiceLine[]
  /** The open invoice that a pending update waits for. */
  pendingInvoice: string | null
}

/** An unguessable address of an invoice's page. */
export interface HostedNote {
  id: string
  invoice: string
}

export interface EndpointNote {
  id: string
  secret: string
}

/** One event on its way to one address. Times are wall time. */
export interface Delivery {
  id: string
  event: string
  endpoint: string
  state: 'pending' | 'delivered' | 'failed'
  attempts: { at: string; answer: string }[]
  nextAttemptAt: number
}

/** The answer that a repeated request gets again. */
export interface KeptAnswer {
  id: string
  fingerprint: string
  /** In business time, like the 24 hours that it is kept. */
  createdAt: number
  requestId: string
  status: number
  body: string
}
