import type { Held } from '../../../membership/holdings.ts'
import { useMembershipActions } from '../../../membership/use-membership-actions.ts'
import { Button, Buttons } from '../../../ui/controls/Button.tsx'
import { Dialog } from '../../../ui/controls/Dialog.tsx'
import { cancelWords } from './membership-words.ts'

/** Shows until when the member can read, and asks for confirmation before the plan is cancelled. */
export function CancelDialog({ held, onClose }: { held: Held; onClose: () => void }) {
  const { cancel } = useMembershipActions()
  const { plan } = held
  const make = async () => {
    await cancel()
    onClose()
  }
  return (
    <Dialog title={`Cancel ${plan.name}?`} onClose={onClose}>
      {cancelWords(held).map((line) => (
        <p key={line}>{line}</p>
      ))}
      <Buttons>
        <Button look="main" onPress={onClose}>
          Keep {plan.name}
        </Button>
        <Button onPress={make}>Cancel plan</Button>
      </Buttons>
    </Dialog>
  )
}
