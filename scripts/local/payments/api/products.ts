import { z } from 'zod'
import { makeProduct } from '../objects/catalogue.ts'
import { refused } from '../problem.ts'
import { change, tell } from '../state/world.ts'
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
    ({ world, params }) => {
      const { store, clock } = world
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
      tell(world, 'product.created', store.put('product', made))
      if (!priced) return made
      const price = addPrice(world, { ...priced, product: made.id })
      return change(world, 'product', made, { default_price: price.id }, 'product.updated')
    },
  ),
  route('GET', 'products', { ...paging, active: flag.optional(), ids: list(text).optional() }, ({ world, params }) =>
    pageOf(
      world,
      'product',
      params,
      'products',
      (one) =>
        (params.active === undefined || one.active === params.active) && (!params.ids || params.ids.includes(one.id)),
    ),
  ),
  route('GET', 'products/:id', {}, ({ world, id }) => find(world, 'product', id, 'product')),
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
    ({ world, params, id }) => {
      const product = find(world, 'product', id, 'product')
      const changes = {
        ...(params.name && { name: params.name }),
        ...(params.description !== undefined && { description: params.description || null }),
        ...(params.active !== undefined && { active: params.active }),
        ...(params.default_price && { default_price: need(world, 'price', params.default_price, 'default_price').id }),
        metadata: mergeMetadata(product.metadata, params.metadata),
        updated: world.clock.seconds(),
      }
      return change(world, 'product', product, changes, 'product.updated')
    },
  ),
]
