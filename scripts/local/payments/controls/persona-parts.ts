import { createHash } from 'node:crypto'
import { z } from 'zod'
import { makePaymentMethod } from '../objects/payment-method.ts'
import { makeSubscription, noCancellation } from '../objects/subscription.ts'
import type { Price, Subscription } from '../state/resources.ts'
import type { Provider } from '../state/provider.ts'

const instant = z.iso.datetime({ offset: true }).transform((value) => Math.floor(Date.parse(value) / 1000))

/** The body of `POST /_local/subscriptions`. Its times are in ISO format, and in seconds since 1970 after parsing. */
export const personaShape = z.strictObject({
  customerId: z.string().regex(/^cus_\w{1,60}$/),
  email: z.string().nullable(),
  name: z.string().nullable(),
  subscriptionId: z.string().regex(/^sub_\w{1,60}$/),
  priceId: z.string(),
  status: z.enum(['active', 'past_due', 'canceled']),
  startedAt: instant,
  periodStart: instant,
  periodEnd: instant,
  card: z.enum(['pays', 'failsAtRenewal']),
  cancelAtPeriodEnd: z.boolean().optional(),
  endedAt: instant.nullish(),
})
export type Persona = z.output<typeof personaShape>

/** Creates the subscription of a persona. */
export function putSubscription(
  provider: Provider,
  persona: Persona,
  price: Price,
  method: string,
  itemId: string,
): Subscription {
  const { store } = provider
  const ended = persona.status === 'canceled' ? (persona.endedAt ?? persona.periodEnd) : null
  const made = makeSubscription({
    id: persona.subscriptionId,
    itemId,
    customer: persona.customerId,
    price,
    quantity: 1,
    status: persona.status,
    created: persona.startedAt,
    anchor: anchorOf(persona),
    period: { start: persona.periodStart, end: persona.periodEnd },
    trial: null,
    defaultPaymentMethod: method,
  })
  store.put('billingNote', { id: made.id, trialEndAnnounced: false, pendingLines: [] })
  const ends = ended ?? (persona.cancelAtPeriodEnd ? persona.periodEnd : null)
  return store.put('subscription', {
    ...made,
    cancel_at: persona.cancelAtPeriodEnd ? persona.periodEnd : null,
    cancel_at_period_end: persona.cancelAtPeriodEnd ?? false,
    canceled_at: ends === null ? null : Math.min(ends, Math.max(persona.periodStart, persona.startedAt)),
    cancellation_details: { ...noCancellation, reason: ends === null ? null : 'cancellation_requested' },
    ended_at: ended,
  })
}

/** Returns the end of the period as it would be without short months. */
function anchorOf({ periodStart, periodEnd }: Persona): number {
  const dayOf = (seconds: number) => new Date(seconds * 1000).getUTCDate()
  return dayOf(periodEnd) > dayOf(periodStart) ? periodEnd : periodStart
}

/** Creates the card of a persona and returns its id. */
export function putCard({ store }: Provider, persona: Persona, id: string): string {
  const number = persona.card === 'pays' ? '4242424242424242' : '4000000000000341'
  const method = makePaymentMethod({
    id,
    brand: 'visa',
    last4: number.slice(-4),
    expMonth: 12,
    expYear: new Date(persona.periodEnd * 1000).getUTCFullYear() + 3,
    name: persona.name,
    email: persona.email,
    customer: persona.customerId,
    created: persona.startedAt,
  })
  store.put('cardNote', { id, number, authenticated: true })
  return store.put('payment_method', method).id
}

/** Removes a subscription with its invoices, payments and schedules. */
export function removeEarlier({ store }: Provider, { subscriptionId }: Persona): void {
  for (const invoice of store.all('invoice')) {
    if (invoice.parent?.subscription_details?.subscription !== subscriptionId) continue
    store.remove('invoice', invoice.id)
    for (const note of store.all('hostedNote')) if (note.invoice === invoice.id) store.remove('hostedNote', note.id)
    for (const payment of store.all('invoice_payment')) {
      if (payment.invoice !== invoice.id) continue
      store.remove('invoice_payment', payment.id)
      const { payment_intent: intent } = payment.payment
      store.remove('payment_intent', intent)
      for (const charge of store.all('charge')) if (charge.payment_intent === intent) store.remove('charge', charge.id)
    }
  }
  for (const schedule of store.all('subscription_schedule')) {
    if (schedule.subscription === subscriptionId) store.remove('subscription_schedule', schedule.id)
  }
  store.remove('subscription', subscriptionId)
}

/** Returns a function that derives ids from the id of a subscription, the same at each start. */
export function idsFrom(subscription: string) {
  return (prefix: string, of: string): string =>
    `${prefix}_${createHash('sha256').update(`${subscription} ${prefix} ${of}`).digest('hex').slice(0, 24)}`
}
