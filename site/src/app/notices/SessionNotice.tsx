import { useSession, type SessionProblem } from '../../auth/session.tsx'
import { Button } from '../../ui/Button.tsx'
import { ProblemBox } from './NoticeBox.tsx'

function words(problem: SessionProblem, isSignedIn: boolean): string {
  switch (problem) {
    case 'provider-away':
      return isSignedIn
        ? 'The sign-in service is not responding, so nothing new can be opened just now. What is on the page stays.'
        : 'The sign-in service is not responding, so you are not signed in just now. Nothing is lost.'
    case 'denied':
      return 'The sign-in service did not let you in again. Sign in to learn why.'
    case 'ended':
      return 'Your session has ended. What you are reading stays here; sign in again to open more.'
    case 'signed-out-here':
      return 'You are signed out here. The sign-in service did not answer, so it may still know you: on a shared machine, sign in and out once more later.'
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
