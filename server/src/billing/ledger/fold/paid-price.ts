import type { Bill } from './invoices.ts'

/** What is paid for in a period, when the payment for a change of price was taken back or never came. */
export interface HeldPrice {
  /** The price that is paid for; null: none is. */
  readonly priceId: string | null
  /** When the payment was taken back that the provider's price rests on; null: it stands, or was never made. */
  readonly takenBackAt: Date | null
}

/** A line that charges a price for the rest of a period, or for all of it. */
interface Debit {
  readonly priceId: string
  readonly start: Date
  readonly invoiceId: string
  readonly occurredAt: Date
  readonly isPaid: boolean
  readonly takenBackAt: Date | null
  /** The price whose unused time the same invoice gave back. */
  readonly replaces: string | null
}

/**
 * Finds the price that is paid for in a period. A change of price in the middle of a period is paid by an invoice of its own, which
 * charges the rest of the period and credits what was paid before. A change stands if that invoice's payment stands and what it
 * credits stands too; the last change that stands counts. A price of which no invoice is known is believed: the provider may have
 * been told to change it without charge. Pure, and of the set of invoices.
 *
 * @param claimed the price that the provider says
 * @param bills   of one subscription
 * @param isOwing whether the provider says that a payment is owed; else an unpaid invoice is only on its way
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
  for (let takenBackAt: Date | null = null; ;) {
    const place = lastOf(debits, price, before)
    const debit = debits[place]
    if (debit === undefined || stands(debits, place)) return { priceId: price, takenBackAt }
    takenBackAt ??= debit.takenBackAt
    if (debit.replaces === null) return { priceId: null, takenBackAt }
    price = debit.replaces
    before = place
  }
}

/** Whether a change was paid for, and what it credits was too. Looks back only, so that it ends. */
function stands(debits: readonly Debit[], place: number): boolean {
  const debit = debits[place]
  if (debit === undefined) return true
  if (!debit.isPaid || debit.takenBackAt !== null) return false
  return debit.replaces === null || stands(debits, lastOf(debits, debit.replaces, place))
}

const lastOf = (debits: readonly Debit[], price: string, before: number): number =>
  debits.findLastIndex(({ priceId }, place) => place < before && priceId === price)

function debitsOf({ lines, ...bill }: Bill, period: { readonly start: Date; readonly end: Date }): Debit[] {
  // Nobody owes a voided one.
  if (bill.status === 'void') return []
  const { invoiceId, occurredAt, takenBackAt } = bill
  const present = lines.filter(({ start, end }) => start < period.end && end > period.start)
  const credit = present.find(({ isCredit }) => isCredit)
  return present.flatMap(({ priceId, isCredit, start, isProration }) => {
    if (priceId === null || isCredit) return []
    const isPaid = bill.status === 'paid'
    const replaces = isProration ? (credit?.priceId ?? null) : null
    return [{ priceId, start, invoiceId, occurredAt, isPaid, takenBackAt, replaces }]
  })
}

const inOrder = (a: Debit, b: Debit): number =>
  a.start.getTime() - b.start.getTime() ||
  a.occurredAt.getTime() - b.occurredAt.getTime() ||
  (a.invoiceId < b.invoiceId ? -1 : 1)
