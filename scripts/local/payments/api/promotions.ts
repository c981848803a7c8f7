import { z } from 'zod'
import { isValid } from '../billing/invoices/discounts.ts'
import { makeCoupon, makePromotionCode } from '../objects/promotions.ts'
import { refused } from '../problem.ts'
import { change, emitEvent } from '../state/provider.ts'
import { find, need, pageOf } from './lists.ts'
import { currency, flag, instant, integer, metadata, oneOf, paging, text } from './parameters.ts'
import { route, type Route } from './route.ts'

const couponShape = {
  amount_off: integer.refine((value) => value > 0).optional(),
  currency: currency.optional(),
  percent_off: z
    .string()
    .regex(/^\d{1,3}(\.\d+)?$/)
    .transform(Number)
    .refine((value) => value > 0 && value <= 100)
    .optional(),
  duration: oneOf('forever', 'once', 'repeating'),
  duration_in_months: integer.optional(),
  name: text.optional(),
  metadata: metadata.optional(),
}

export const promotionRoutes: readonly Route[] = [
  route('POST', 'coupons', couponShape, ({ provider, params }) => {
    checkCoupon(params)
    const coupon = makeCoupon({
      amountOff: params.amount_off ?? null,
      currency: params.amount_off === undefined ? null : (params.currency ?? null),
      percentOff: params.percent_off ?? null,
      duration: params.duration,
      durationInMonths: params.duration_in_months ?? null,
      name: params.name ?? null,
      metadata: params.metadata ?? {},
      created: provider.clock.seconds(),
    })
    emitEvent(provider, 'coupon.created', provider.store.put('coupon', coupon))
    return coupon
  }),
  route('GET', 'coupons/:id', {}, ({ provider, id }) => {
    const coupon = find(provider, 'coupon', id, 'coupon')
    return { ...coupon, valid: isValid(coupon) }
  }),
  route('DELETE', 'coupons/:id', {}, ({ provider, id }) => {
    const { store } = provider
    const coupon = find(provider, 'coupon', id, 'coupon')
    // Discounts that it gave remain in effect. It cannot be redeemed again.
    if (store.all('discount').some((one) => one.source.coupon === id))
      store.put('coupon', { ...coupon, max_redemptions: coupon.times_redeemed })
    else store.remove('coupon', id)
    for (const code of store.all('promotion_code'))
      if (code.promotion.coupon === id) store.put('promotion_code', { ...code, active: false })
    emitEvent(provider, 'coupon.deleted', coupon)
    return { id, object: 'coupon', deleted: true }
  }),
  route(
    'POST',
    'promotion_codes',
    {
      promotion: z.strictObject({ type: z.literal('coupon'), coupon: text }),
      code: z.string().regex(/^[A-Za-z0-9-]{1,500}$/),
      expires_at: instant.optional(),
      metadata: metadata.optional(),
    },
    ({ provider, params: { promotion, code, expires_at, metadata = {} } }) => {
      const coupon = need(provider, 'coupon', promotion.coupon, 'promotion[coupon]').id
      if (provider.store.all('promotion_code').some((one) => one.active && isSameCode(one.code, code)))
        throw refused(
          `An active promotion code with \`code: ${code}\` already exists.`,
          'code',
          'resource_already_exists',
        )
      const created = provider.clock.seconds()
      const made = makePromotionCode({ code, coupon, expiresAt: expires_at ?? null, metadata, created })
      emitEvent(provider, 'promotion_code.created', provider.store.put('promotion_code', made))
      return made
    },
  ),
  route('GET', 'promotion_codes', { ...paging, code: text.optional() }, ({ provider, params }) =>
    pageOf(
      provider,
      'promotion_code',
      params,
      'promotion_codes',
      (one) => params.code === undefined || isSameCode(one.code, params.code),
    ),
  ),
  route('GET', 'promotion_codes/:id', {}, ({ provider, id }) => find(provider, 'promotion_code', id, 'promotion code')),
  route('POST', 'promotion_codes/:id', { active: flag }, ({ provider, params: { active }, id }) => {
    const code = find(provider, 'promotion_code', id, 'promotion code')
    return change(provider, 'promotion_code', code, { active }, 'promotion_code.updated')
  }),
]

function checkCoupon(params: z.output<z.ZodObject<typeof couponShape>>): void {
  const { amount_off, percent_off, currency, duration, duration_in_months } = params
  const lacks = (message: string, param: string) => refused(message, param, 'parameter_missing')
  if ((amount_off === undefined) === (percent_off === undefined))
    throw lacks('You must pass either percent_off or amount_off when creating a coupon.', 'percent_off')
  if (amount_off !== undefined && !currency) throw lacks('You must pass currency when passing amount_off.', 'currency')
  if (duration === 'repeating' && duration_in_months === undefined)
    throw lacks('You must pass duration_in_months with a repeating coupon.', 'duration_in_months')
}

const isSameCode = (one: string, other: string) => one.toUpperCase() === other.toUpperCase()
