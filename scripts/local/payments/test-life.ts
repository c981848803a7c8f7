import type Stripe from 'stripe'
import { makePayer, moveTo, type Running } from './test-payments.ts'

/** What tests of a subscription's life do over and over. */
export function lifeOf(running: () => Running) {
  const stripe = () => running().stripe

  return {
    /** Somebody new with a card takes a plan. */
    subscribe: async (price: Stripe.Price, more: Partial<Stripe.SubscriptionCreateParams> = {}, token?: string) => {
      const customer = await makePayer(stripe(), token)
      return stripe().subscriptions.create({ customer: customer.id, items: [{ price: price.id }], ...more })
    },
    seen: (id: string, expand: string[] = []) => stripe().subscriptions.retrieve(id, { expand }),
    /** Moves the clock just past an instant. */
    reach: (seconds: number) => moveTo(running().url, new Date(seconds * 1000 + 500)),
    lastEvent: async () => (await stripe().events.list({ limit: 1 })).data[0],
    /** What was told of it after an event, oldest first. */
    toldAbout: async (id: string, since: Stripe.Event | undefined): Promise<Stripe.Event[]> => {
      const all: Stripe.Event[] = []
      for await (const event of stripe().events.list({ limit: 100 })) {
        if (event.id === since?.id) break
        if (JSON.stringify(event.data.object).includes(id)) all.unshift(event)
      }
      return all
    },
    changeCard: async (customer: unknown, token: string): Promise<void> => {
      const method = await stripe().paymentMethods.attach(token, { customer: String(customer) })
      await stripe().customers.update(String(customer), { invoice_settings: { default_payment_method: method.id } })
    },
  }
}

export const typesOf = (events: readonly Stripe.Event[]) => events.map(({ type }) => type)
