import { LoadProblem } from '../../../fallbacks/LoadProblem.tsx'
import { Button } from '../../../ui/controls/Button.tsx'
import type { BillingAnswer } from './use-billing.ts'

type FailureCause = Extract<BillingAnswer, { kind: 'failed' }>['cause']

/** Says that the payment provider's data could not be loaded. The rest of the page does not depend on it. */
export function PaymentsUnavailable({ cause, onRetry }: { cause: FailureCause; onRetry: () => Promise<unknown> }) {
  if (cause !== 'payments') return <LoadProblem cause={cause} what="Your payments" onRetry={onRetry} />
  return (
    <div role="status">
      <p>
        The payment service is not responding, so we can’t show your card, your next payment and your receipts right
        now. Your plan is not affected.
      </p>
      <p>
        <Button onPress={onRetry}>Try again</Button>
      </p>
    </div>
  )
}
