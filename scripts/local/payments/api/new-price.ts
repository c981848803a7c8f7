import { z } from 'zod'
import { makePrice, makeProduct } from '../objects/catalogue.ts'
import { refused } from '../problem.ts'
import type { Price } from '../state/resources.ts'
import { change, emitEvent, type Provider } from '../state/provider.ts'
import { need } from './lists.ts'
import { integer, metadata, newMetadata, oneOf, text } from './parameters.ts'

export const recurring = z.strictObject({
  interval: oneOf('day', 'week', 'month', 'year'),
  interval_count: integer.optional(),
  usage_type: z.literal('licensed').optional(),
})

export const currency = z
  .string()
  .regex(/^[a-zA-Z]{3}$/)
  .transform((value) => value.toLowerCase())
export const amount = integer.refine((value) => value >= 0)

/** A price that is made where it is needed. */
export const priceData = z.strictObject({
  currency,
  unit_amount: amount,
  recurring: recurring.optional(),
  product: text.optional(),
  product_data: z.strictObject({ name: text, description: text.optional(), metadata: metadata.optional() }).optional(),
})

interface NewPrice extends z.output<typeof priceData> {
  readonly active?: boolean | undefined
  readonly nickname?: string | undefined
  readonly lookup_key?: string | undefined
  readonly transfer_lookup_key?: boolean | undefined
  readonly metadata?: z.output<typeof metadata> | undefined
}

/** Makes a price, and its product if that is given along. */
export function addPrice(provider: Provider, params: NewPrice, active = params.active ?? true): Price {
  const { store, clock } = provider
  const created = clock.seconds()
  const { product: id, product_data: data } = params
  if ((id === undefined) === (data === undefined))
    throw refused('Specify either `product` or `product_data`.', 'product')
  claimLookupKey(provider, params.lookup_key, params.transfer_lookup_key)
  const product = data
    ? store.put(
        'product',
        makeProduct({
          name: data.name,
          description: data.description ?? null,
          active,
          metadata: newMetadata(data.metadata),
          created,
        }),
      )
    : need(provider, 'product', id ?? '', 'product')
  if (data) emitEvent(provider, 'product.created', product)
  const price = makePrice({
    product: product.id,
    currency: params.currency,
    unitAmount: params.unit_amount,
    interval: params.recurring?.interval ?? null,
    intervalCount: params.recurring?.interval_count ?? 1,
    active,
    nickname: params.nickname ?? null,
    lookupKey: params.lookup_key ?? null,
    metadata: newMetadata(params.metadata),
    created,
  })
  emitEvent(provider, 'price.created', store.put('price', price))
  return price
}

/** A lookup key leads to one price. */
export function claimLookupKey(
  provider: Provider,
  key: string | undefined,
  transfer: boolean | undefined,
  owner?: string,
): void {
  const holder = key ? provider.store.all('price').find((one) => one.lookup_key === key && one.id !== owner) : undefined
  if (!holder) return
  if (!transfer) throw refused(`A price (\`${holder.id}\`) already uses that lookup key.`, 'lookup_key')
  change(provider, 'price', holder, { lookup_key: null }, 'price.updated')
}
