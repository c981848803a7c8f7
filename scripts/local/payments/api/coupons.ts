import { z } from 'zod'
import { isValid } from '../billing/discounts.ts'
import { makeCoupon } from '../objects/promotions.ts'
import { refused } from '../problem.ts'
import { change, emitEvent } from '../state/provider.ts'
import { find, pageOf } from './lists.ts'
import { instant, integer, mergeMetadata, metadata, newMetadata, oneOf, paging, text } from './parameters.ts'
import { route, type Route } from './route.ts'

export const couponRoutes: readonly Route[] = [
  route(
    'POST',
    'coupons',
    {
      id: text.optional(),
      amount_off: integer.refine((value) => value > 0).optional(),
      currency: text.optional(),
      percent_off: z
        .string()
        .regex(/^\d{1,3}(\.\d+)?$/)
        .transform(Number)
        .refine((value) => value > 0 && value <= 100)
        .optional(),
      duration: oneOf('forever', 'once', 'repeating').optional(),
      duration_in_months: integer.optional(),
      max_redemptions: integer.optional(),
      redeem_by: instant.optional(),
      name: text.optional(),
      metadata: metadata.optional(),
    },
    ({ provider, params }) => {
      const { amount_off, percent_off, currency } = params
      if ((amount_off === undefined) === (percent_off === undefined))
        throw refused(
          'You must pass either percent_off or amount_off when creating a coupon.',
          'percent_off',
          'parameter_missing',
        )
      if (amount_off !== undefined && !currency)
        throw refused('You must pass currency when passing amount_off.', 'currency', 'parameter_missing')
      if (params.duration === 'repeating' && params.duration_in_months === undefined)
        throw refused(
          'You must pass duration_in_months with a repeating coupon.',
          'duration_in_months',
          'parameter_missing',
        )
      if (provider.store.get('coupon', params.id))
        throw refused('Coupon already exists.', 'id', 'resource_already_exists')
      const coupon = makeCoupon({
        ...(params.id && { id: params.id }),
        amountOff: amount_off ?? null,
        currency: amount_off === undefined ? null : (currency ?? null),
        percentOff: percent_off ?? null,
        duration: params.duration ?? 'once',
        durationInMonths: params.duration_in_months ?? null,
        maxRedemptions: params.max_redemptions ?? null,
        redeemBy: params.redeem_by ?? null,
        name: params.name ?? null,
        metadata: newMetadata(params.metadata),
        created: provider.clock.seconds(),
      })
      emitEvent(provider, 'coupon.created', provider.store.put('coupon', coupon))
      return coupon
    },
  ),
  route('GET', 'coupons', paging, ({ provider, params }) => {
    const page = pageOf(provider, 'coupon', params, 'coupons')
    return { ...page, data: page.data.map((one) => ({ ...one, valid: isValid(provider, one) })) }
  }),
  route('GET', 'coupons/:id', {}, ({ provider, id }) => {
    const coupon = find(provider, 'coupon', id, 'coupon')
    return { ...coupon, valid: isValid(provider, coupon) }
  }),
  route('POST', 'coupons/:id', { name: text.optional(), metadata: metadata.optional() }, ({ provider, params, id }) => {
    const coupon = find(provider, 'coupon', id, 'coupon')
    const changes = {
      ...(params.name && { name: params.name }),
      metadata: mergeMetadata(coupon.metadata ?? {}, params.metadata),
    }
    return change(provider, 'coupon', coupon, changes, 'coupon.updated')
  }),
  route('DELETE', 'coupons/:id', {}, ({ provider, id }) => {
    const { store } = provider
    const coupon = find(provider, 'coupon', id, 'coupon')
    // Discounts that it gave go on counting; nobody can redeem it any more.
    if (store.all('discount').some((one) => one.source.coupon === id))
      store.put('coupon', { ...coupon, max_redemptions: coupon.times_redeemed })
    else store.remove('coupon', id)
    for (const code of store.all('promotion_code'))
      if (code.promotion.coupon === id) store.put('promotion_code', { ...code, active: false })
    emitEvent(provider, 'coupon.deleted', coupon)
    return { id, object: 'coupon', deleted: true }
  }),
]
