import { z } from 'zod'
import { change } from '../state/provider.ts'
import { find, pageOf } from './lists.ts'
import { addPrice, claimLookupKey, currency, priceData } from './new-price.ts'
import { flag, list, mergeMetadata, metadata, oneOf, paging, text, unset } from './parameters.ts'
import { route, type Route } from './route.ts'

export const priceRoutes: readonly Route[] = [
  route(
    'POST',
    'prices',
    {
      ...priceData.shape,
      active: flag.optional(),
      nickname: text.optional(),
      lookup_key: text.optional(),
      transfer_lookup_key: flag.optional(),
      metadata: metadata.optional(),
    },
    ({ provider, params }) => addPrice(provider, params),
  ),
  route(
    'GET',
    'prices',
    {
      ...paging,
      active: flag.optional(),
      product: text.optional(),
      currency: currency.optional(),
      lookup_keys: list(text).optional(),
      type: oneOf('recurring', 'one_time').optional(),
    },
    ({ provider, params }) =>
      pageOf(
        provider,
        'price',
        params,
        'prices',
        (one) =>
          (params.active === undefined || one.active === params.active) &&
          (!params.product || one.product === params.product) &&
          (!params.currency || one.currency === params.currency) &&
          (!params.type || one.type === params.type) &&
          (!params.lookup_keys || (one.lookup_key !== null && params.lookup_keys.includes(one.lookup_key))),
      ),
  ),
  route('GET', 'prices/:id', {}, ({ provider, id }) => find(provider, 'price', id, 'price')),
  route(
    'POST',
    'prices/:id',
    {
      active: flag.optional(),
      nickname: z.union([unset, text]).optional(),
      lookup_key: z.union([unset, text]).optional(),
      transfer_lookup_key: flag.optional(),
      metadata: metadata.optional(),
    },
    ({ provider, params, id }) => {
      const price = find(provider, 'price', id, 'price')
      claimLookupKey(provider, params.lookup_key, params.transfer_lookup_key, id)
      const changes = {
        ...(params.active !== undefined && { active: params.active }),
        ...(params.nickname !== undefined && { nickname: params.nickname || null }),
        ...(params.lookup_key !== undefined && { lookup_key: params.lookup_key || null }),
        metadata: mergeMetadata(price.metadata, params.metadata),
      }
      return change(provider, 'price', price, changes, 'price.updated')
    },
  ),
]
