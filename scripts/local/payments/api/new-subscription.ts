import { z } from 'zod'
import { asSubscriptionProblem } from '../billing/apply-change.ts'
import { subscribe } from '../billing/subscribe.ts'
import { refused } from '../problem.ts'
import type { Provider } from '../state/provider.ts'
import { discount, discountOf } from './discount-parameter.ts'
import { named, need } from './lists.ts'
import { flag, ignored, instant, integer, list, metadata, newMetadata, oneOf, text } from './parameters.ts'
import { paymentBehavior, refuseForeign } from './subscription-shapes.ts'

export const createShape = {
  customer: text,
  items: list(z.strictObject({ price: text, quantity: integer.optional() })),
  trial_period_days: integer.optional(),
  trial_end: instant.optional(),
  trial_settings: z
    .strictObject({
      end_behavior: z.strictObject({ missing_payment_method: oneOf('cancel', 'create_invoice', 'pause') }),
    })
    .optional(),
  default_payment_method: text.optional(),
  payment_behavior: paymentBehavior.optional(),
  payment_settings: ignored.optional(),
  discounts: list(discount).optional(),
  metadata: metadata.optional(),
  description: text.optional(),
  off_session: flag.optional(),
}

export function createSubscription(provider: Provider, params: z.output<z.ZodObject<typeof createShape>>): object {
  const customer = need(provider, 'customer', params.customer, 'customer')
  const [item, ...others] = params.items
  if (!item || others.length > 0) throw refused('The local payment provider supports exactly one item.', 'items')
  const price = need(provider, 'price', item.price, 'items[0][price]')
  if (!price.recurring) throw refused(`The price ${price.id} is not recurring.`, 'items[0][price]')
  if (!price.active)
    throw refused('The price specified is inactive. This field only accepts active prices.', 'items[0][price]')
  const method = named(provider, 'payment_method', params.default_payment_method, 'default_payment_method')
  refuseForeign(method, customer.id)
  const behavior = params.payment_behavior ?? 'allow_incomplete'
  const days = params.trial_period_days
  const trialEnd =
    params.trial_end ?? (days === undefined || days === 0 ? null : provider.clock.seconds() + days * 86_400)
  const hasCard = method !== undefined || customer.invoice_settings.default_payment_method !== null
  if (!hasCard && trialEnd === null && behavior !== 'default_incomplete' && price.unit_amount > 0)
    throw refused(
      'This customer has no attached payment source or default payment method.',
      undefined,
      'resource_missing',
    )
  const amount = price.unit_amount * (item.quantity ?? 1)
  const { subscription, outcome } = subscribe(provider, {
    customer: customer.id,
    price,
    quantity: item.quantity ?? 1,
    trialEnd,
    method: method?.id ?? null,
    discounts: (params.discounts ?? [])
      .map((one) => discountOf(provider, one, customer, amount, price.currency))
      .map(({ coupon, promotion_code }) => ({ coupon, promotionCode: promotion_code })),
    metadata: newMetadata(params.metadata),
    description: params.description ?? null,
    session: null,
    presence: 'absent',
    waits: behavior === 'default_incomplete',
    ...(params.trial_settings && { missingMethod: params.trial_settings.end_behavior.missing_payment_method }),
  })
  if (outcome.kind !== 'paid' && behavior === 'error_if_incomplete') throw asSubscriptionProblem(outcome)
  return subscription
}
