import { useSession } from '../../../auth/session.tsx'
import { paywallWords, type PaywallFacts, type Step } from '../../../lib/paywall-words.ts'
import { Button, LinkButton } from '../../basics/Button.tsx'
import { Card } from '../../basics/Card.tsx'

interface PaywallProps extends PaywallFacts {
  readonly onRetry: () => Promise<unknown>
}

/** In the text column, below the preview: what is locked, why, and the one thing to do next. */
export function Paywall({ onRetry, ...facts }: PaywallProps) {
  const { title, text, step, label } = paywallWords(facts)
  return (
    <Card label="Why the rest is locked">
      <h2>{title}</h2>
      <p>{text}</p>
      <div>
        <NextStep step={step} label={label} onRetry={onRetry} />
        {step === 'sign-in' ? (
          <noscript>
            <p>
              Signing in needs JavaScript, which is switched off in this browser: switch it on for this site, and this
              page has a button here.
            </p>
          </noscript>
        ) : null}
      </div>
    </Card>
  )
}

function NextStep({ step, label, onRetry }: { step: Step; label: string; onRetry: () => Promise<unknown> }) {
  const { signIn } = useSession()
  switch (step) {
    case 'sign-in':
      // Until there is JavaScript a button would do nothing.
      return (
        <span className="needs-script">
          <Button look="main" onPress={() => signIn()}>
            {label}
          </Button>
        </span>
      )
    case 'another-account':
      return (
        <Button look="main" onPress={() => signIn({ another: true })}>
          {label}
        </Button>
      )
    case 'again':
      return (
        <Button look="main" onPress={onRetry}>
          {label}
        </Button>
      )
    case 'choose-plan':
    case 'renew':
      return <LinkButton to="/plans/">{label}</LinkButton>
    case 'fix-payment':
    case 'account':
      return <LinkButton to="/account/">{label}</LinkButton>
  }
}
