import { z } from 'zod'
import { makeProduct } from '../objects/catalogue.ts'
import { refused } from '../problem.ts'
import { change, emitEvent } from '../state/provider.ts'
import { find, need, pageOf } from './lists.ts'
import { addPrice, amount, currency, recurring } from './new-price.ts'
import { flag, list, mergeMetadata, metadata, newMetadata, paging, text, unset } from './parameters.ts'
import { route, type Route } from './route.ts'

export const productRoutes: readonly Route[] = [
  route(
    'POST',
    'products',
    {
      id: text.optional(),
      name: text,
      description: text.optional(),
      active: flag.optional(),
      metadata: metadata.optional(),
      default_price_data: z.strictObject({ currency, unit_amount: amount, recurring: recurring.optional() }).optional(),
    },
    ({ provider, params }) => {
      const { store, clock } = provider
      if (store.get('product', params.id)) throw refused('Product already exists.', 'id', 'resource_already_exists')
      const { id, name, description, active, default_price_data: priced } = params
      const made = makeProduct({
        ...(id && { id }),
        name,
        description: description ?? null,
        active: active ?? true,
        metadata: newMetadata(params.metadata),
        created: clock.seconds(),
      })
      emitEvent(provider, 'product.created', store.put('product', made))
      if (!priced) return made
      const price = addPrice(provider, { ...priced, product: made.id })
      return change(provider, 'product', made, { default_price: price.id }, 'product.updated')
    },
  ),
  route('GET', 'products', { ...paging, active: flag.optional(), ids: list(text).optional() }, ({ provider, params }) =>
    pageOf(
      provider,
      'product',
      params,
      'products',
      (one) =>
        (params.active === undefined || one.active === params.active) && (!params.ids || params.ids.includes(one.id)),
    ),
  ),
  route('GET', 'products/:id', {}, ({ provider, id }) => find(provider, 'product', id, 'product')),
  route(
    'POST',
    'products/:id',
    {
      name: text.optional(),
      description: z.union([unset, text]).optional(),
      active: flag.optional(),
      default_price: text.optional(),
      metadata: metadata.optional(),
    },
    ({ provider, params, id }) => {
      const product = find(provider, 'product', id, 'product')
      const changes = {
        ...(params.name && { name: params.name }),
        ...(params.description !== undefined && { description: params.description || null }),
        ...(params.active !== undefined && { active: params.active }),
        ...(params.default_price && {
          default_price: need(provider, 'price', params.default_price, 'default_price').id,
        }),
        metadata: mergeMetadata(product.metadata, params.metadata),
        updated: provider.clock.seconds(),
      }
      return change(provider, 'product', product, changes, 'product.updated')
    },
  ),
]
