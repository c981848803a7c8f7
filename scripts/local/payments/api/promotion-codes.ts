import { z } from 'zod'
import { makePromotionCode } from '../objects/promotions.ts'
import { refused } from '../problem.ts'
import { randomText } from '../state/ids.ts'
import { change, emitEvent } from '../state/provider.ts'
import { find, named, need, pageOf } from './lists.ts'
import { flag, instant, integer, mergeMetadata, metadata, newMetadata, paging, text } from './parameters.ts'
import { route, type Route } from './route.ts'

export const promotionCodeRoutes: readonly Route[] = [
  route(
    'POST',
    'promotion_codes',
    {
      promotion: z.strictObject({ type: z.literal('coupon'), coupon: text }),
      code: z
        .string()
        .regex(/^[A-Za-z0-9-]{1,500}$/)
        .optional(),
      active: flag.optional(),
      customer: text.optional(),
      expires_at: instant.optional(),
      max_redemptions: integer.optional(),
      metadata: metadata.optional(),
      restrictions: z
        .strictObject({
          first_time_transaction: flag.optional(),
          minimum_amount: integer.optional(),
          minimum_amount_currency: text.optional(),
        })
        .optional(),
    },
    ({ provider, params }) => {
      const coupon = need(provider, 'coupon', params.promotion.coupon, 'promotion[coupon]')
      const code = params.code ?? randomText(8).toUpperCase()
      const taken = provider.store.all('promotion_code').some((one) => one.active && sameCode(one.code, code))
      if (taken)
        throw refused(
          'An active promotion code with `code: ' + code + '` already exists.',
          'code',
          'resource_already_exists',
        )
      const made = makePromotionCode({
        code,
        coupon: coupon.id,
        active: params.active ?? true,
        customer: named(provider, 'customer', params.customer, 'customer')?.id ?? null,
        expiresAt: params.expires_at ?? null,
        maxRedemptions: params.max_redemptions ?? null,
        metadata: newMetadata(params.metadata),
        restrictions: {
          firstTime: params.restrictions?.first_time_transaction ?? false,
          minimumAmount: params.restrictions?.minimum_amount ?? null,
          minimumAmountCurrency: params.restrictions?.minimum_amount_currency ?? null,
        },
        created: provider.clock.seconds(),
      })
      emitEvent(provider, 'promotion_code.created', provider.store.put('promotion_code', made))
      return made
    },
  ),
  route(
    'GET',
    'promotion_codes',
    { ...paging, code: text.optional(), active: flag.optional(), coupon: text.optional(), customer: text.optional() },
    ({ provider, params }) =>
      pageOf(
        provider,
        'promotion_code',
        params,
        'promotion_codes',
        (one) =>
          (params.code === undefined || sameCode(one.code, params.code)) &&
          (params.active === undefined || one.active === params.active) &&
          (!params.coupon || one.promotion.coupon === params.coupon) &&
          (!params.customer || one.customer === params.customer),
      ),
  ),
  route('GET', 'promotion_codes/:id', {}, ({ provider, id }) => find(provider, 'promotion_code', id, 'promotion code')),
  route(
    'POST',
    'promotion_codes/:id',
    { active: flag.optional(), metadata: metadata.optional() },
    ({ provider, params, id }) => {
      const code = find(provider, 'promotion_code', id, 'promotion code')
      const changes = {
        ...(params.active !== undefined && { active: params.active }),
        metadata: mergeMetadata(code.metadata ?? {}, params.metadata),
      }
      return change(provider, 'promotion_code', code, changes, 'promotion_code.updated')
    },
  ),
]

const sameCode = (one: string, other: string) => one.toUpperCase() === other.toUpperCase()
