import { plansPage } from '../../addresses/addresses.ts'
import { currentAddress } from '../../auth/return-address.ts'
import { useMembershipActions } from '../../membership/use-membership-actions.ts'
import { Button, LinkButton } from '../../ui/controls/Button.tsx'
import type { MembershipNotice as Notice } from './membership-notice-words.ts'
import { ProblemBox } from './NoticeBox.tsx'

/** Shows a notice about the reader's membership, with its button. */
export function MembershipNotice({ notice: { text, step, label }, onClose }: { notice: Notice; onClose: () => void }) {
  const { openPortal, keep } = useMembershipActions()
  return (
    <ProblemBox text={text} step={step} onClose={onClose}>
      {step === 'plans' ? (
        <LinkButton to={plansPage}>{label}</LinkButton>
      ) : (
        <Button look="main" onPress={step === 'keep' ? keep : () => openPortal('UPDATE_CARD', currentAddress().to)}>
          {label}
        </Button>
      )}
    </ProblemBox>
  )
}
