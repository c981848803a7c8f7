import type { ReceiptFragment } from '../../../graphql/operations.ts'
import { invoiceWord } from '../../../lib/billing-words.ts'
import { dayOf } from '../../../lib/dates.ts'
import { priceOf } from '../../../lib/money.ts'
import { isProviderAddress } from '../../../lib/provider-address.ts'
import * as css from './ReceiptsTable.module.css'

/** Receipts, the latest first. */
export function ReceiptsTable({ receipts }: { receipts: readonly ReceiptFragment[] }) {
  return (
    <table className={css.table}>
      <thead>
        <tr>
          <th scope="col">Date</th>
          <th scope="col">For</th>
          <th scope="col" className={css.amount}>
            Amount
          </th>
          <th scope="col" className="not-printed">
            <span className="for-ears">Link</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {receipts.map((receipt) => (
          <Row key={receipt.id} receipt={receipt} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ receipt }: { receipt: ReceiptFragment }) {
  const { createdAt, number, description, total, url } = receipt
  return (
    <tr>
      <td>
        <time dateTime={createdAt}>{dayOf(createdAt)}</time>
      </td>
      <td>
        {description ?? 'Membership'}
        {number ? <span className={css.small}>No. {number}</span> : null}
      </td>
      <td className={css.amount}>
        {priceOf(total)}
        <span className={css.small}>{invoiceWord(receipt)}</span>
      </td>
      <td className="not-printed">
        {url && isProviderAddress(url) ? (
          <a className={css.open} href={url} target="_blank" rel="noopener noreferrer">
            Open<span className="for-ears"> the receipt of {dayOf(createdAt)}, in a new tab</span>
          </a>
        ) : null}
      </td>
    </tr>
  )
}
