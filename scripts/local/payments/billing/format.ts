import type Stripe from 'stripe'

/** Formats an amount that is in the smallest unit of its currency. */
export function formatAmount(amount: number, currency: string): string {
  const format = new Intl.NumberFormat('en-US', { style: 'currency', currency: currency.toUpperCase() })
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2
  return format.format(amount / 10 ** digits)
}

/** Formats a coupon: `20% off for 3 months`, `$5.00 off once`. For a single payment it leaves the duration out. */
export function formatCoupon(coupon: Stripe.Coupon, recurs: boolean): string {
  const { percent_off: percent, amount_off: amount, currency, duration, duration_in_months: months } = coupon
  const off = percent === null ? formatAmount(amount ?? 0, currency ?? 'usd') : `${percent}%`
  if (!recurs) return `${off} off`
  return `${off} off ${duration === 'repeating' ? `for ${months === 1 ? '1 month' : `${months} months`}` : duration}`
}

/** Formats a day in UTC: `24 November 2026`. */
export const formatDay = (seconds: number): string =>
  new Date(seconds * 1000).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  })

/** Formats a day and a time in UTC. */
export const formatInstant = (seconds: number): string =>
  `${new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`
