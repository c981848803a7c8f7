import { Link } from 'gatsby'
import { accountPage } from '../../../addresses/addresses.ts'
import { site } from '../../../env.ts'
import { SignedInPage, type KnownViewer } from '../../../fallbacks/SignedInPage.tsx'
import { Button } from '../../../ui/controls/Button.tsx'
import { PaymentsUnavailable } from './PaymentsUnavailable.tsx'
import { ReceiptsTable } from './ReceiptsTable.tsx'
import { useBilling } from './use-billing.ts'
import * as css from '../AccountScreen.module.css'

/** The API's limit for one query. */
const allReceipts = 100

export function ReceiptsScreen() {
  return (
    <SignedInPage title="Receipts" why="Sign in to see your receipts.">
      {(viewer) => <Receipts viewer={viewer} />}
    </SignedInPage>
  )
}

function Receipts({ viewer }: { viewer: KnownViewer }) {
  const { answer, retry } = useBilling(allReceipts)
  return (
    <div className={css.receipts}>
      <p className="not-printed">
        <Link to={accountPage} className={css.alone}>
          Your account
        </Link>
      </p>
      {answer.kind === 'loading' ? <p role="status">Loading your receipts …</p> : null}
      {answer.kind === 'failed' ? <PaymentsUnavailable cause={answer.cause} onRetry={retry} /> : null}
      {answer.kind === 'never' || (answer.kind === 'loaded' && answer.billing.invoices?.length === 0) ? (
        <p>No receipts yet.</p>
      ) : null}
      {answer.kind === 'loaded' && answer.billing.invoices && answer.billing.invoices.length > 0 ? (
        <>
          <p className={css.soft}>
            {site.name}, for {viewer.name ?? viewer.email ?? viewer.subject}
          </p>
          <ReceiptsTable receipts={answer.billing.invoices} />
          <div className="not-printed">
            <Button onPress={() => window.print()}>Print</Button>
          </div>
        </>
      ) : null}
    </div>
  )
}
