import type Stripe from 'stripe'
import { z } from 'zod'
import { makePortalSession } from '../objects/sessions.ts'
import { need } from './lists.ts'
import { address, text } from './parameters.ts'
import { route, type Route } from './route.ts'

/** How long the address of a portal session works, in wall time. */
const portalMilliseconds = 24 * 3600 * 1000

const flowData = z.strictObject({
  type: z.literal('payment_method_update'),
  after_completion: z.strictObject({
    type: z.literal('redirect'),
    redirect: z.strictObject({ return_url: address }),
  }),
})

export const portalRoutes: readonly Route[] = [
  route(
    'POST',
    'billing_portal/sessions',
    { customer: text, return_url: address, flow_data: flowData.optional() },
    ({ provider, params }) => {
      const { store, clock, origin } = provider
      const session = makePortalSession({
        origin,
        customer: need(provider, 'customer', params.customer, 'customer').id,
        returnUrl: params.return_url,
        flow: params.flow_data ? flowOf(params.flow_data) : null,
        created: clock.seconds(),
      })
      store.put('portalNote', { id: session.id, expiresAt: Date.now() + portalMilliseconds })
      return store.put('billing_portal.session', session)
    },
  ),
]

const flowOf = ({ type, after_completion: after }: z.output<typeof flowData>) =>
  ({
    after_completion: { type: after.type, hosted_confirmation: null, redirect: after.redirect },
    customer_update: null,
    subscription_cancel: null,
    subscription_pause: null,
    subscription_update: null,
    subscription_update_confirm: null,
    type,
  }) satisfies Stripe.BillingPortal.Session.Flow
