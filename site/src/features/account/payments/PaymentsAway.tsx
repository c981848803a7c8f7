import type { BillingAnswer } from './use-billing.ts'
import { Button } from '../../../ui/Button.tsx'
import { Trouble } from '../../../fallbacks/Trouble.tsx'

type Cause = Extract<BillingAnswer, { kind: 'away' }>['cause']

/** What the payment provider knows cannot be had just now. Nothing else on the page depends on it. */
export function PaymentsAway({ cause, onRetry }: { cause: Cause; onRetry: () => Promise<unknown> }) {
  if (cause !== 'payments') return <Trouble cause={cause} what="Your payments" onRetry={onRetry} />
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
