import { useSession } from '../../auth/session.tsx'
import { useCallbackOutcome } from '../../auth/use-callback.ts'
import { Button, Buttons, LinkButton } from '../../ui/controls/Button.tsx'
import { Page } from '../../ui/layout/Page.tsx'

/** The page to which the identity provider returns. After a failed sign-in it explains the problem. */
export function CallbackScreen() {
  const outcome = useCallbackOutcome()
  const { signIn } = useSession()
  if (!outcome) {
    return (
      <Page narrow title="Signing you in">
        <p role="status">
          <span className="needs-script">One moment …</span>
          <noscript>Signing in needs JavaScript. Turn it on for this site.</noscript>
        </p>
      </Page>
    )
  }
  const { title, text, canRetry, back } = outcome
  return (
    <Page narrow title={title} lead={text}>
      <Buttons>
        {canRetry ? (
          <Button look="main" onPress={() => signIn({ back: { to: back, place: 0 } })}>
            Sign in
          </Button>
        ) : null}
        <LinkButton to={back} look={canRetry ? 'plain' : 'main'}>
          {back === '/' ? 'Go to the front page' : 'Back to where you were'}
        </LinkButton>
      </Buttons>
    </Page>
  )
}
