import { useSession } from '../../auth/session.tsx'
import type { Arrival } from '../../graphql/arrival.tsx'
import { Button } from '../basics/Button.tsx'
import { CopyCode } from '../basics/CopyCode.tsx'
import { passes } from '../../lib/arrival-words.ts'
import { NoticeBox } from './NoticeBox.tsx'

/** Somebody comes back from the payment provider. */
export function ArrivalNotice({ arrival: { stage, words, gift, checkAgain, dismiss } }: { arrival: Arrival }) {
  const { signIn } = useSession()
  return (
    <NoticeBox text={words} onFaded={passes(stage) && stage !== 'waiting' ? dismiss : undefined}>
      {gift ? <CopyCode code={gift.code} label={`the code for ${gift.plan.name}`} /> : null}
      {stage === 'late' ? (
        <Button look="main" onPress={checkAgain}>
          Look again
        </Button>
      ) : null}
      {stage === 'nobody' ? (
        <Button look="main" onPress={() => signIn()}>
          Sign in
        </Button>
      ) : null}
      {stage === 'waiting' ? null : <Button onPress={dismiss}>Close</Button>}
    </NoticeBox>
  )
}
