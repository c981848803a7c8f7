import { useMembershipActions } from '../../../graphql/use-membership-actions.ts'
import { dayOf } from '../../../lib/dates.ts'
import { isRunning, type Held } from '../../../lib/holdings.ts'
import { Button, Buttons } from '../../basics/Button.tsx'
import { Dialog } from '../../basics/Dialog.tsx'

/** Says until when one can read before anything is cancelled. */
export function CancelDialog({ held, onClose }: { held: Held; onClose: () => void }) {
  const { cancel } = useMembershipActions()
  const { plan, currentPeriodEnd } = held
  const make = async () => {
    await cancel()
    onClose()
  }
  return (
    <Dialog title={`Cancel ${plan.name}?`} onClose={onClose}>
      {isRunning(held) && currentPeriodEnd ? (
        <>
          <p>You can read until {dayOf(currentPeriodEnd)}: what is paid for stays yours. No further payment is made.</p>
          <p>Until then you can take it back here. Your account and your bookmarks stay as they are.</p>
        </>
      ) : (
        <p>No further payment is made. Your account and your bookmarks stay as they are.</p>
      )}
      <Buttons>
        <Button look="main" onPress={make}>
          Cancel it
        </Button>
        <Button onPress={onClose}>Keep {plan.name}</Button>
      </Buttons>
    </Dialog>
  )
}
