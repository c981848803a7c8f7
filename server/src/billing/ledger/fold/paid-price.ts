import type { Bill } from './invoices.ts'

/** The price that is paid for in a period. */
export interface HeldPrice {
  /** Null if no price is paid for. */
  readonly priceId: string | null
  /** When the payment for the provider's price was refunded or reversed. Null if it is valid or was never made. */
  readonly reversedAt: Date | null
}

/** An invoice line that charges a price for a period or the rest of it. */
interface Debit {
  readonly priceId: string
  readonly start: Date
  readonly invoiceId: string
  readonly occurredAt: Date
  readonly isPaid: boolean
  readonly reversedAt: Date | null
  /** The price whose unused time the same invoice credits, or null. */
  readonly replaces: string | null
}

/**
 * Finds the price that is paid for in a period.
 *
 * A change of price within a period has its own invoice, which charges the new price for the rest of the period and credits the
 * old one. A change is valid if this invoice is paid, its payment was not reversed, and the credited price is valid too. The last
 * valid change counts. A price without a known invoice is accepted, because the provider may have changed it without charge.
 * Pure. The result depends only on the set of invoices.
 *
 * @param claimed the price that the provider reports
 * @param bills   the invoices of one subscription
 * @param isOwing whether the provider reports an overdue payment. Otherwise an unpaid invoice is still in progress
 */
export function heldPrice(
  claimed: string,
  period: { readonly start: Date; readonly end: Date },
  bills: readonly Bill[],
  isOwing: boolean,
): HeldPrice {
  const debits = bills
    .flatMap((bill) => debitsOf(bill, period))
    .filter(({ isPaid, replaces }) => isPaid || (isOwing && replaces !== null))
    .sort(inOrder)
  let price: string | null = claimed
  let before = debits.length
  for (let reversedAt: Date | null = null; ;) {
    const place = lastOf(debits, price, before)
    const debit = debits[place]
    if (debit === undefined || stands(debits, place)) return { priceId: price, reversedAt }
    reversedAt ??= debit.reversedAt
    if (debit.replaces === null) return { priceId: null, reversedAt }
    price = debit.replaces
    before = place
  }
}

/** Returns whether a change is valid. Terminates because it only looks at earlier debits. */
function stands(debits: readonly Debit[], place: number): boolean {
  const debit = debits[place]
  if (debit === undefined) return true
  if (!debit.isPaid || debit.reversedAt !== null) return false
  return debit.replaces === null || stands(debits, lastOf(debits, debit.replaces, place))
}

const lastOf = (debits: readonly Debit[], price: string, before: number): number =>
  debits.findLastIndex(({ priceId }, place) => place < before && priceId === price)

function debitsOf({ lines, ...bill }: Bill, period: { readonly start: Date; readonly end: Date }): Debit[] {
  // A voided invoice is not owed.
  if (bill.status === 'void') return []
  const { invoiceId, occurredAt, reversedAt } = bill
  const present = lines.filter(({ start, end }) => start < period.end && end > period.start)
  const credit = present.find(({ isCredit }) => isCredit)
  return present.flatMap(({ priceId, isCredit, start, isProration }) => {
    if (priceId === null || isCredit) return []
    const isPaid = bill.status === 'paid'
    const replaces = isProration ? (credit?.priceId ?? null) : null
    return [{ priceId, start, invoiceId, occurredAt, isPaid, reversedAt, replaces }]
  })
}

const inOrder = (a: Debit, b: Debit): number =>
  a.start.getTime() - b.start.getTime() ||
  a.occurredAt.getTime() - b.occurredAt.getTime() ||
  (a.invoiceId < b.invoiceId ? -1 : 1)
