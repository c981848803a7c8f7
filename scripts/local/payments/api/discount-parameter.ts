import { z } from 'zod'
import { isValid, usableCode } from '../billing/discounts.ts'
import { refused } from '../problem.ts'
import type { Customer } from '../state/resources.ts'
import type { Provider } from '../state/provider.ts'
import { need } from './lists.ts'
import { text } from './parameters.ts'

export const discount = z.strictObject({ coupon: text.optional(), promotion_code: text.optional() })

/** A discount of a new session or subscription, checked. */
export function discountOf(
  provider: Provider,
  { coupon: id, promotion_code: code }: z.output<typeof discount>,
  customer: Customer | null,
  amount: number,
  currency: string,
): { coupon: string; promotion_code: string | null } {
  if (code) {
    const found = usableCode(
      provider,
      need(provider, 'promotion_code', code, 'discounts[0][promotion_code]'),
      customer,
      amount,
      currency,
    )
    return { coupon: found.coupon, promotion_code: found.promotionCode }
  }
  const coupon = need(provider, 'coupon', id ?? '', 'discounts[0][coupon]')
  if (!isValid(provider, coupon))
    throw refused(`Coupon ${coupon.id} is expired and cannot be applied.`, 'discounts[0][coupon]', 'coupon_expired')
  return { coupon: coupon.id, promotion_code: null }
}
