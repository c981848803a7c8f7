import { newId } from '../state/ids.ts'
import { apiVersion } from '../state/provider.ts'
import { refused } from '../problem.ts'
import { find, pageOf } from './lists.ts'
import { address, flag, list, metadata, newMetadata, paging, text } from './parameters.ts'
import { route, type Route } from './route.ts'
import type Stripe from 'stripe'

export const eventRoutes: readonly Route[] = [
  route(
    'GET',
    'events',
    { ...paging, type: text.optional(), types: list(text).optional(), delivery_success: flag.optional() },
    ({ provider, params }) => {
      if (params.type && params.types)
        throw refused('You may only specify one of these parameters: type, types.', 'types')
      return pageOf(
        provider,
        'event',
        params,
        'events',
        (one) =>
          (!params.type || matches(one.type, params.type)) &&
          (!params.types || params.types.some((type) => matches(one.type, type))) &&
          (params.delivery_success === undefined || (one.pending_webhooks === 0) === params.delivery_success),
      )
    },
  ),
  route('GET', 'events/:id', {}, ({ provider, id }) => find(provider, 'event', id, 'event')),
  route(
    'POST',
    'webhook_endpoints',
    {
      url: address,
      enabled_events: list(text),
      api_version: text.optional(),
      description: text.optional(),
      metadata: metadata.optional(),
    },
    ({ provider, params }) => {
      if (!isLoopback(params.url))
        throw refused('The local payment provider sends webhooks to this machine only.', 'url')
      if (params.api_version && params.api_version !== apiVersion)
        throw refused(`The local payment provider supports the version ${apiVersion} only.`, 'api_version')
      const endpoint = {
        id: newId('we'),
        object: 'webhook_endpoint',
        api_version: params.api_version ?? null,
        application: null,
        created: provider.clock.seconds(),
        description: params.description ?? null,
        enabled_events: params.enabled_events,
        livemode: false,
        metadata: newMetadata(params.metadata),
        status: 'enabled',
        url: params.url,
      } satisfies Stripe.WebhookEndpoint
      const { secret } = provider.store.put('endpointNote', { id: endpoint.id, secret: newId('whsec', 32) })
      provider.store.put('webhook_endpoint', endpoint)
      // Shown this once.
      return { ...endpoint, secret }
    },
  ),
  route('GET', 'webhook_endpoints', paging, ({ provider, params }) =>
    pageOf(provider, 'webhook_endpoint', params, 'webhook_endpoints'),
  ),
  route('GET', 'webhook_endpoints/:id', {}, ({ provider, id }) =>
    find(provider, 'webhook_endpoint', id, 'webhook endpoint'),
  ),
  route('DELETE', 'webhook_endpoints/:id', {}, ({ provider, id }) => {
    find(provider, 'webhook_endpoint', id, 'webhook endpoint')
    provider.store.remove('webhook_endpoint', id)
    provider.store.remove('endpointNote', id)
    for (const one of provider.store.all('delivery')) {
      if (one.endpoint === id && one.state === 'pending') provider.store.put('delivery', { ...one, state: 'failed' })
    }
    return { id, object: 'webhook_endpoint', deleted: true }
  }),
]

/** `invoice.*` is a type too. */
const matches = (type: string, wanted: string): boolean =>
  wanted.endsWith('*') ? type.startsWith(wanted.slice(0, -1)) : type === wanted

function isLoopback(url: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname)
}
