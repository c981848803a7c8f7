import { useSession, type SessionProblem } from '../../auth/session.tsx'
import { Button } from '../../ui/controls/Button.tsx'
import { ProblemBox } from './NoticeBox.tsx'

function words(problem: SessionProblem, isSignedIn: boolean): string {
  switch (problem) {
    case 'provider-away':
      return isSignedIn
        ? 'The sign-in service is not responding. You can keep reading this page, but other articles may stay locked for now.'
        : 'The sign-in service is not responding, so you’re not signed in. Your account is not affected.'
    case 'denied':
      return 'The sign-in service refused to sign you in again. Sign in to see why.'
    case 'ended':
      return 'Your session has ended. You can finish reading this page. Sign in again to open other articles.'
    case 'signed-out-here':
      return 'You’re signed out here, but the sign-in service did not respond. On a shared device, sign in and out again later.'
  }
}

/** Shows a problem of the session, with its button. */
export function SessionNotice({ problem }: { problem: SessionProblem }) {
  const { person, retry, signIn, dismiss } = useSession()
  return (
    <ProblemBox text={words(problem, person !== null)} onClose={dismiss}>
      {problem === 'provider-away' ? (
        <Button look="main" onPress={retry}>
          Try again
        </Button>
      ) : null}
      {problem === 'ended' || problem === 'denied' ? (
        <Button look="main" onPress={() => signIn()}>
          Sign in again
        </Button>
      ) : null}
    </ProblemBox>
  )
}
