import { useCallback, useState } from 'react'
import { useSession } from '../../auth/session.tsx'
import type { Arrival } from '../../graphql/arrival.tsx'
import { accountPage } from '../../lib/addresses.ts'
import type { ArrivalStage } from '../../lib/arrival-words.ts'
import { Button, LinkButton } from '../basics/Button.tsx'
import { NewsBox, ProblemBox } from './NoticeBox.tsx'

/** Somebody comes back from the payment provider, and something is to be done. */
export function ArrivalProblem({ arrival: { stage, words, checkAgain, dismiss } }: { arrival: Arrival }) {
  const { signIn } = useSession()
  return (
    <ProblemBox text={words} onClose={dismiss}>
      {stage === 'nobody' ? (
        <Button look="main" onPress={() => signIn()}>
          Sign in
        </Button>
      ) : (
        <Button look="main" onPress={checkAgain}>
          Look again
        </Button>
      )}
    </ProblemBox>
  )
}

/** The same, and all went well. */
export function ArrivalNews({ arrival: { stage, words, gift, dismiss } }: { arrival: Arrival }) {
  const [faded, fade] = useState<ArrivalStage | null>(null)
  const hide = useCallback(() => fade('waiting'), [])
  if (faded === stage) return null
  // While the news is waited for, what is bought is not forgotten when its notice goes.
  const isWaiting = stage === 'waiting'
  return (
    <NewsBox key={stage} text={words} onFaded={isWaiting ? hide : dismiss} onClose={isWaiting ? undefined : dismiss}>
      {gift ? <LinkButton to={`${accountPage}#gifts`}>See the code</LinkButton> : null}
    </NewsBox>
  )
}
