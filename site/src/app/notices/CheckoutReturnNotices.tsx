import { useCallback, useState } from 'react'
import { accountPage } from '../../addresses/addresses.ts'
import { useSession } from '../../auth/session.tsx'
import type { CheckoutReturnStage } from '../../features/checkout-return/checkout-return-words.ts'
import type { CheckoutReturnNotice } from '../../features/checkout-return/CheckoutReturnProvider.tsx'
import { Button, LinkButton } from '../../ui/controls/Button.tsx'
import { NewsBox, ProblemBox } from './NoticeBox.tsx'

/** Shows a stage of the return from checkout that asks the reader to do something. */
export function CheckoutProblemNotice({
  checkoutReturn: { stage, words, checkAgain, dismiss },
}: {
  checkoutReturn: CheckoutReturnNotice
}) {
  const { signIn } = useSession()
  return (
    <ProblemBox text={words} onClose={dismiss}>
      {stage === 'signed-out' ? (
        <Button look="main" onPress={() => signIn()}>
          Sign in
        </Button>
      ) : (
        <Button look="main" onPress={checkAgain}>
          Check again
        </Button>
      )}
    </ProblemBox>
  )
}

/** Shows a stage that closes by itself. */
export function PassingCheckoutNotice({
  checkoutReturn: { stage, words, gift, dismiss },
}: {
  checkoutReturn: CheckoutReturnNotice
}) {
  const [hiddenStage, setHiddenStage] = useState<CheckoutReturnStage | null>(null)
  const hide = useCallback(() => setHiddenStage('waiting'), [])
  if (hiddenStage === stage) return null
  // While the webhook is awaited, a notice that was read is hidden, not dismissed.
  const isWaiting = stage === 'waiting'
  return (
    <NewsBox key={stage} text={words} onRead={isWaiting ? hide : dismiss} onClose={isWaiting ? undefined : dismiss}>
      {gift ? <LinkButton to={`${accountPage}#gifts`}>See the code</LinkButton> : null}
    </NewsBox>
  )
}
