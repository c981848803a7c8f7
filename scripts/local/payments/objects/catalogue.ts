import type Stripe from 'stripe'
import { newId } from '../state/ids.ts'
import type { Price } from '../state/resources.ts'
import { decimal } from './shared.ts'

interface ProductFields {
  readonly name: string
  readonly description: string | null
  readonly metadata: Record<string, string>
  readonly created: number
}

export const makeProduct = (fields: ProductFields) =>
  ({
    id: newId('prod', 14),
    object: 'product',
    active: true,
    created: fields.created,
    default_price: null,
    description: fields.description,
    images: [],
    livemode: false,
    marketing_features: [],
    metadata: fields.metadata,
    name: fields.name,
    package_dimensions: null,
    shippable: null,
    statement_descriptor: null,
    tax_code: null,
    tax_details: null,
    type: 'service',
    unit_label: null,
    updated: fields.created,
    url: null,
  }) satisfies Stripe.Product

interface PriceFields {
  readonly product: string
  readonly currency: string
  readonly unitAmount: number
  readonly recurring: {
    readonly interval: Stripe.Price.Recurring['interval']
    readonly interval_count?: number | undefined
  } | null
  readonly active: boolean
  readonly metadata: Record<string, string>
  readonly created: number
}

export const makePrice = (fields: PriceFields): Price => ({
  id: newId('price'),
  object: 'price',
  active: fields.active,
  billing_scheme: 'per_unit',
  created: fields.created,
  currency: fields.currency,
  custom_unit_amount: null,
  livemode: false,
  lookup_key: null,
  metadata: fields.metadata,
  nickname: null,
  product: fields.product,
  recurring:
    fields.recurring === null
      ? null
      : {
          interval: fields.recurring.interval,
          interval_count: fields.recurring.interval_count ?? 1,
          meter: null,
          trial_period_days: null,
          usage_type: 'licensed',
        },
  tax_behavior: 'unspecified',
  tiers_mode: null,
  transform_quantity: null,
  type: fields.recurring === null ? 'one_time' : 'recurring',
  unit_amount: fields.unitAmount,
  unit_amount_decimal: decimal(fields.unitAmount),
})

/** Returns a recurring price in the shape of older integrations. */
export const planOf = (price: Price) =>
  ({
    id: price.id,
    object: 'plan',
    active: price.active,
    amount: price.unit_amount,
    amount_decimal: decimal(price.unit_amount),
    billing_scheme: 'per_unit',
    created: price.created,
    currency: price.currency,
    interval: price.recurring?.interval ?? 'month',
    interval_count: price.recurring?.interval_count ?? 1,
    livemode: false,
    metadata: price.metadata,
    meter: null,
    nickname: price.nickname,
    product: price.product,
    tiers_mode: null,
    transform_usage: null,
    trial_period_days: null,
    usage_type: 'licensed',
  }) satisfies Stripe.Plan
