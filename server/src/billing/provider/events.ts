import { sdkOf, type ProviderClient } from './client.ts'

/** Lists the provider's events since an instant, the latest first and not parsed. The provider keeps them for 30 days. */
export function eventObjects(stripe: ProviderClient, since: Date): AsyncIterable<unknown> {
  return sdkOf(stripe).events.list({ created: { gte: Math.floor(since.getTime() / 1000) }, limit: 100 })
}
