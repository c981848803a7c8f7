import { z } from 'zod'
import { makePrice, makeProduct } from '../objects/catalogue.ts'
import type { Price } from '../state/resources.ts'
import { change, emitEvent, type Provider } from '../state/provider.ts'
import { find, need, pageOf } from './lists.ts'
import { currency, flag, integer, metadata, oneOf, paging, text } from './parameters.ts'
import { route, type Route } from './route.ts'

/** A price for one payment, given in the request that needs it. */
export const priceData = z.strictObject({
  product: text,
  currency,
  unit_amount: integer.refine((value) => value >= 0),
})

interface Recurrence {
  readonly interval: 'day' | 'week' | 'month' | 'year'
  /** Default: 1. */
  readonly interval_count?: number | undefined
}

interface NewPrice extends z.output<typeof priceData> {
  readonly recurring?: Recurrence | undefined
  readonly metadata?: Record<string, string> | undefined
}

/** Creates a price. @param active false: the price cannot be used by other requests */
export function addPrice(provider: Provider, params: NewPrice, active = true): Price {
  const price = makePrice({
    product: need(provider, 'product', params.product, 'product').id,
    currency: params.currency,
    unitAmount: params.unit_amount,
    recurring: params.recurring ?? null,
    active,
    metadata: params.metadata ?? {},
    created: provider.clock.seconds(),
  })
  emitEvent(provider, 'price.created', provider.store.put('price', price))
  return price
}

export const catalogueRoutes: readonly Route[] = [
  route(
    'POST',
    'products',
    { name: text, description: text.optional(), metadata: metadata.optional() },
    ({ provider, params: { name, description, metadata = {} } }) => {
      const made = makeProduct({ name, description: description ?? null, metadata, created: provider.clock.seconds() })
      emitEvent(provider, 'product.created', provider.store.put('product', made))
      return made
    },
  ),
  route('GET', 'products', paging, ({ provider, params }) => pageOf(provider, 'product', params, 'products')),
  route('GET', 'products/:id', {}, ({ provider, id }) => find(provider, 'product', id, 'product')),
  route(
    'POST',
    'products/:id',
    { name: text.optional(), description: z.string().max(5000).optional(), active: flag.optional() },
    ({ provider, params: { name, description, active }, id }) => {
      const changes = {
        ...(name && { name }),
        ...(description !== undefined && { description: description || null }),
        ...(active !== undefined && { active }),
        updated: provider.clock.seconds(),
      }
      return change(provider, 'product', find(provider, 'product', id, 'product'), changes, 'product.updated')
    },
  ),
  route(
    'POST',
    'prices',
    {
      ...priceData.shape,
      recurring: z
        .strictObject({ interval: oneOf('day', 'week', 'month', 'year'), interval_count: integer.optional() })
        .optional(),
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
          (!params.type || one.type === params.type),
      ),
  ),
  route('GET', 'prices/:id', {}, ({ provider, id }) => find(provider, 'price', id, 'price')),
  route('POST', 'prices/:id', { active: flag }, ({ provider, params: { active }, id }) =>
    change(provider, 'price', find(provider, 'price', id, 'price'), { active }, 'price.updated'),
  ),
]
