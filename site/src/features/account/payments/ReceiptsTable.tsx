import type { ReceiptFragment } from '../../../api/operations.ts'
import { isProviderAddress } from '../../../membership/payment-provider.ts'
import { dayOf } from '../../../ui/format/dates.ts'
import { priceOf } from '../../../ui/format/money.ts'
import { invoiceWord } from './billing-words.ts'
import * as css from './ReceiptsTable.module.css'

/** Receipts, the latest first. Roles are explicit, because the block layout of narrow windows removes the implicit ones. */
export function ReceiptsTable({ receipts }: { receipts: readonly ReceiptFragment[] }) {
  return (
    <table className={css.table} role="table">
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" scope="col">
            Date
          </th>
          <th role="columnheader" scope="col">
            For
          </th>
          <th role="columnheader" scope="col" className={css.amount}>
            Amount
          </th>
          <th role="columnheader" scope="col" className="not-printed">
            <span className="for-ears">Link</span>
          </th>
        </tr>
      </thead>
      <tbody role="rowgroup">
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
    <tr role="row">
      <td role="cell">
        <time dateTime={createdAt}>{dayOf(createdAt)}</time>
      </td>
      <td role="cell">
        {description ?? 'Membership'}
        {number ? <span className={css.small}>No. {number}</span> : null}
      </td>
      <td role="cell" className={css.amount}>
        {priceOf(total)}
        <span className={css.small}>{invoiceWord(receipt)}</span>
      </td>
      <td role="cell" className="not-printed">
        {url && isProviderAddress(url) ? (
          <a className={css.open} href={url} target="_blank" rel="noopener noreferrer">
            Open<span className="for-ears"> the receipt of {dayOf(createdAt)}, in a new tab</span>
          </a>
        ) : null}
      </td>
    </tr>
  )
}
