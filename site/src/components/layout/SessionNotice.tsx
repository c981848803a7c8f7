import { useSession, type Trouble } from '../../auth/session.tsx'
import { Button } from '../basics/Button.tsx'
import * as css from './SessionNotice.module.css'

const words: Readonly<Record<Trouble, string>> = {
  'provider-away': 'The sign-in service does not answer, so you are not signed in just now. Nothing is lost.',
  ended: 'Your session is over. What you are reading stays here; sign in again to open more.',
  'signed-out-here':
    'You are signed out here. The sign-in service did not answer, so it may still know you: on a shared machine, sign in and out once more later.',
}

/** What happened to the session, over the foot of the window: nothing that is being read moves. */
export function SessionNotice() {
  const { trouble, retry, signIn, dismiss } = useSession()
  return (
    <div role="status" className={css.place}>
      {trouble ? (
        <div className={css.notice}>
          <p>{words[trouble]}</p>
          <div className={css.actions}>
            {trouble === 'provider-away' ? (
              <Button look="main" onPress={retry}>
                Try again
              </Button>
            ) : null}
            {trouble === 'ended' ? (
              <Button look="main" onPress={() => signIn()}>
                Sign in again
              </Button>
            ) : null}
            <Button onPress={dismiss}>Close</Button>
          </div>
        </div>
      ) : null}
    </div>
  )
}
