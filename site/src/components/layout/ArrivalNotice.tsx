import { useSession } from '../../auth/session.tsx'
import type { Arrival } from '../../graphql/arrival.tsx'
import { Button } from '../basics/Button.tsx'
import { NoticeBox } from './NoticeBox.tsx'

/** Somebody comes back from the payment provider. */
export function ArrivalNotice({ arrival: { stage, words, checkAgain, dismiss } }: { arrival: Arrival }) {
  const { signIn } = useSession()
  return (
    <NoticeBox text={words}>
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
