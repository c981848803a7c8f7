import type Stripe from 'stripe'
import { z } from 'zod'
import { makePortalConfiguration, makePortalSession } from '../objects/sessions.ts'
import { refused } from '../problem.ts'
import type { Provider } from '../state/provider.ts'
import { find, named, need, pageOf } from './lists.ts'
import { address, flag, ignored, metadata, newMetadata, oneOf, paging, text, unset } from './parameters.ts'
import { route, type Route } from './route.ts'

/** How long a portal's address works, in wall time. */
const portalMilliseconds = 24 * 3600 * 1000

const flowData = z.strictObject({
  type: oneOf('payment_method_update', 'subscription_cancel', 'subscription_update'),
  subscription_cancel: z.strictObject({ subscription: text }).optional(),
  subscription_update: z.strictObject({ subscription: text }).optional(),
  after_completion: z
    .strictObject({
      type: oneOf('hosted_confirmation', 'portal_homepage', 'redirect'),
      redirect: z.strictObject({ return_url: address }).optional(),
      hosted_confirmation: z.strictObject({ custom_message: text.optional() }).optional(),
    })
    .optional(),
})

export const portalRoutes: readonly Route[] = [
  route(
    'POST',
    'billing_portal/sessions',
    {
      customer: text,
      return_url: address.optional(),
      configuration: text.optional(),
      flow_data: flowData.optional(),
      locale: text.optional(),
    },
    ({ provider, params }) => {
      const { store, clock, origin } = provider
      const customer = need(provider, 'customer', params.customer, 'customer')
      const configuration =
        named(provider, 'billing_portal.configuration', params.configuration, 'configuration') ??
        defaultConfiguration(provider)
      const session = makePortalSession({
        origin,
        configuration: configuration.id,
        customer: customer.id,
        returnUrl: params.return_url ?? configuration.default_return_url,
        flow: params.flow_data ? flowOf(provider, params.flow_data, customer.id) : null,
        locale: params.locale ?? null,
        created: clock.seconds(),
      })
      store.put('portalNote', { id: session.id, expiresAt: Date.now() + portalMilliseconds })
      return store.put('billing_portal.session', session)
    },
  ),
  route(
    'POST',
    'billing_portal/configurations',
    {
      features: ignored,
      business_profile: ignored.optional(),
      default_return_url: z.union([unset, address]).optional(),
      login_page: ignored.optional(),
      metadata: metadata.optional(),
      name: text.optional(),
    },
    ({ provider, params }) => {
      const made = makePortalConfiguration(provider.clock.seconds(), false, params.default_return_url || null)
      return provider.store.put('billing_portal.configuration', {
        ...made,
        name: params.name ?? null,
        metadata: newMetadata(params.metadata),
      })
    },
  ),
  route(
    'GET',
    'billing_portal/configurations',
    { ...paging, active: flag.optional(), is_default: flag.optional() },
    ({ provider, params }) =>
      pageOf(
        provider,
        'billing_portal.configuration',
        params,
        'billing_portal/configurations',
        (one) =>
          (params.active === undefined || one.active === params.active) &&
          (params.is_default === undefined || one.is_default === params.is_default),
      ),
  ),
  route('GET', 'billing_portal/configurations/:id', {}, ({ provider, id }) =>
    find(provider, 'billing_portal.configuration', id, 'configuration'),
  ),
]

function defaultConfiguration({ store, clock, settings }: Provider): Stripe.BillingPortal.Configuration {
  const found = store.all('billing_portal.configuration').find((one) => one.is_default)
  const made = () => makePortalConfiguration(clock.seconds(), true, settings.siteOrigins[0] ?? null)
  return found ?? store.put('billing_portal.configuration', made())
}

function flowOf(provider: Provider, data: z.output<typeof flowData>, customer: string) {
  const subscription = (given: { subscription: string } | undefined) => {
    if (!given)
      throw refused(`Missing required param: flow_data[${data.type}].`, `flow_data[${data.type}]`, 'parameter_missing')
    const found = need(provider, 'subscription', given.subscription, `flow_data[${data.type}][subscription]`)
    if (found.customer !== customer)
      throw refused('The subscription is not of this customer.', `flow_data[${data.type}][subscription]`)
    return found.id
  }
  const after = data.after_completion
  return {
    after_completion: {
      type: after?.type ?? 'portal_homepage',
      hosted_confirmation: after?.hosted_confirmation
        ? { custom_message: after.hosted_confirmation.custom_message ?? null }
        : null,
      redirect: after?.redirect ?? null,
    },
    customer_update: null,
    subscription_cancel:
      data.type === 'subscription_cancel'
        ? { retention: null, subscription: subscription(data.subscription_cancel) }
        : null,
    subscription_pause: null,
    subscription_update:
      data.type === 'subscription_update' ? { subscription: subscription(data.subscription_update) } : null,
    subscription_update_confirm: null,
    type: data.type,
  } satisfies Stripe.BillingPortal.Session.Flow
}
