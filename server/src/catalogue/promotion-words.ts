import { amountWords } from '../lib/money.ts'
import type { PromotionTerms } from './types.ts'

/** Describes the terms of a promotion in English, such as `20% off, 3 months`. */
export function promotionWords({
  percentOff,
  amountOffMinor,
  currency,
  duration,
  months,
  expiresAt,
}: PromotionTerms): string {
  const off = percentOff === null ? `${amountWords(amountOffMinor ?? 0, currency ?? '')} off` : `${percentOff}% off`
  const time = { ONCE: 'the first payment', REPEATING: `${months} months`, FOREVER: 'forever' }[duration]
  return `${off}, ${time}${expiresAt === null ? '' : `, until ${expiresAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`}`
}
