import { Link } from 'gatsby'
import { accountPage, receiptsPage } from '../../../addresses/addresses.ts'
import type { KnownViewer } from '../../../fallbacks/SignedInPage.tsx'
import { paidMembership } from '../../../membership/holdings.ts'
import { redirectToProvider } from '../../../membership/payment-provider.ts'
import { useMembershipActions } from '../../../membership/use-membership-actions.ts'
import { Button, Buttons } from '../../../ui/controls/Button.tsx'
import { priceOf } from '../../../ui/format/money.ts'
import { Card } from '../../../ui/layout/Card.tsx'
import { cardLine, nextPaymentLine } from './billing-words.ts'
import { PaymentsUnavailable } from './PaymentsUnavailable.tsx'
import { ReceiptsTable } from './ReceiptsTable.tsx'
import { useBilling, type BillingDetails } from './use-billing.ts'
import * as css from '../AccountScreen.module.css'

/** Receipts on this page. The page of receipts has all. */
const fewReceipts = 3

/** The payment provider's data: the amount due, the card and the last receipts. */
export function PaymentPart({ viewer }: { viewer: KnownViewer }) {
  const { answer, retry } = useBilling(fewReceipts)
  switch (answer.kind) {
    case 'loading':
      return <p role="status">Loading your payments …</p>
    case 'never':
      return <p>No payments yet.</p>
    case 'failed':
      return <PaymentsUnavailable cause={answer.cause} onRetry={retry} />
    case 'loaded':
      return <Details billing={answer.billing} viewer={viewer} />
  }
}

function Details({ billing, viewer }: { billing: BillingDetails; viewer: KnownViewer }) {
  const { openPortal } = useMembershipActions()
  const paid = paidMembership(viewer.memberships)
  const { card, nextPayment, openInvoice, invoices } = billing
  return (
    <>
      {openInvoice ? <OpenInvoice invoice={openInvoice} /> : null}
      <dl className={css.facts}>
        {paid ? (
          <>
            <dt>Next payment</dt>
            <dd>{nextPaymentLine(paid, nextPayment)}</dd>
          </>
        ) : null}
        <dt>Card</dt>
        <dd>{card ? cardLine(card) : 'No card on file'}</dd>
      </dl>
      <Buttons>
        <Button onPress={() => openPortal('UPDATE_CARD', accountPage)}>Update card</Button>
        <Button onPress={() => openPortal('OVERVIEW', accountPage)}>Manage billing</Button>
      </Buttons>
      <h3>Receipts</h3>
      {invoices && invoices.length > 0 ? (
        <>
          <ReceiptsTable receipts={invoices} />
          <p>
            <Link to={receiptsPage} className={css.alone}>
              All receipts
            </Link>
          </p>
        </>
      ) : (
        <p>No receipts yet.</p>
      )}
    </>
  )
}

function OpenInvoice({
  invoice: { total, description, url },
}: {
  invoice: NonNullable<BillingDetails['openInvoice']>
}) {
  return (
    <Card label="Payment due" alert>
      <h3>{priceOf(total)} is due</h3>
      {description ? <p>{description}</p> : null}
      <div>
        <Button look="main" onPress={() => redirectToProvider(url)}>
          Pay now
        </Button>
      </div>
    </Card>
  )
}
