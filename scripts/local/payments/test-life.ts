import type Stripe from 'stripe'
import { makePayer, moveTo, subscriptionOf, type Running } from './test-payments.ts'

/** Returns helpers for the tests of a subscription's life. */
export function lifeOf({ stripe, url }: Running) {
  return {
    /** Creates a customer with a card and a subscription. */
    subscribe: async (price: Stripe.Price, more: Partial<Stripe.SubscriptionCreateParams> = {}, token?: string) =>
      stripe.subscriptions.create({ ...subscriptionOf(await makePayer(stripe, token), price), ...more }),
    seen: (id: string, expand: string[] = []) => stripe.subscriptions.retrieve(id, { expand }),
    /** Moves the clock just past an instant. */
    reach: (seconds: number) => moveTo(url, new Date(seconds * 1000 + 500)),
    lastEvent: async () => (await stripe.events.list({ limit: 1 })).data[0],
    /** Returns the events about an object that follow another event, oldest first. */
    toldAbout: async (id: string, since: Stripe.Event | undefined): Promise<Stripe.Event[]> => {
      const all: Stripe.Event[] = []
      for await (const event of stripe.events.list({ limit: 100 })) {
        if (event.id === since?.id) break
        if (JSON.stringify(event.data.object).includes(id)) all.unshift(event)
      }
      return all
    },
    changeCard: async ({ id, customer }: Stripe.Subscription, token: string): Promise<void> => {
      const method = await stripe.paymentMethods.attach(token, { customer: String(customer) })
      await stripe.subscriptions.update(id, { default_payment_method: method.id })
    },
  }
}

export const typesOf = (events: readonly Stripe.Event[]) => events.map(({ type }) => type)
