import type { BillingQuery, BoughtGiftFragment, InvoiceStatus, ReceiptFragment } from '../../../api/operations.ts'
import type { Held } from '../../../membership/holdings.ts'
import { intervalNoun } from '../../../membership/interval-words.ts'
import { dayOf } from '../../../ui/format/dates.ts'
import { priceOf } from '../../../ui/format/money.ts'

type Billing = NonNullable<NonNullable<BillingQuery['viewer']>['billing']>

const brands: Readonly<Record<string, string>> = {
  amex: 'American Express',
  diners: 'Diners Club',
  discover: 'Discover',
  jcb: 'JCB',
  mastercard: 'Mastercard',
  unionpay: 'UnionPay',
  visa: 'Visa',
}

/** Returns a card in one line, such as `Visa ending in 4242, expires 08/2027`. */
export function cardLine({ brand, last4, expiryMonth, expiryYear }: NonNullable<Billing['card']>): string {
  const name = Object.hasOwn(brands, brand) ? brands[brand] : 'Card'
  return `${name} ending in ${last4}, expires ${String(expiryMonth).padStart(2, '0')}/${expiryYear}`
}

/** Returns the next payment of a membership in one line. */
export function nextPaymentLine({ status }: Pick<Held, 'status'>, next: Billing['nextPayment']): string {
  if (next) {
    const what = `${priceOf(next.amount)} on ${dayOf(next.at)}`
    return status === 'TRIALING' ? `${what} (first payment)` : what
  }
  return 'No further payments'
}

const invoiceWords: Readonly<Record<InvoiceStatus, string>> = {
  DRAFT: 'Draft',
  OPEN: 'Due',
  PAID: 'Paid',
  UNCOLLECTIBLE: 'Not collected',
  VOID: 'Void',
}

/** Returns the status of a receipt; empty for a status that is newer than the site. */
export const invoiceWord = ({ status }: Pick<ReceiptFragment, 'status'>): string => invoiceWords[status] ?? ''

/** Returns the state of a bought gift in one line. */
export function giftLine({ interval, boughtAt, redeemedAt, voided }: Omit<BoughtGiftFragment, 'id' | 'code'>): string {
  const bought = `For ${intervalNoun(interval)}. Bought on ${dayOf(boughtAt)}.`
  if (redeemedAt) return `${bought} Redeemed on ${dayOf(redeemedAt)}.`
  return voided ? `${bought} Refunded, so the code is no longer valid.` : `${bought} Not redeemed yet.`
}
