import { accountPage, addressOfArticle } from '../../../addresses/addresses.ts'
import { addressOfPlans } from '../../../addresses/plans-address.ts'
import { useSession } from '../../../auth/session.tsx'
import { useMembershipActions } from '../../../membership/use-membership-actions.ts'
import { Button, Buttons, LinkButton } from '../../../ui/controls/Button.tsx'
import { Card } from '../../../ui/layout/Card.tsx'
import { paywallWords, type PaywallFacts, type Step } from './paywall-words.ts'

interface PaywallProps extends PaywallFacts {
  /** The article's slug. The reader returns to the article after a purchase or a payment. */
  readonly slug: string
  readonly onRetry: () => Promise<unknown>
}

/** Explains in the text column what is locked and why, with the next step. */
export function Paywall({ slug, onRetry, ...facts }: PaywallProps) {
  const { title, text, step, label } = paywallWords(facts)
  return (
    <Card label="Why the rest is locked">
      <h2>{title}</h2>
      <p>{text}</p>
      <div>
        <Buttons>
          <NextStep step={step} label={label} slug={slug} onRetry={onRetry} />
          {step === 'sign-in' && facts.visibility !== 'MEMBERS' ? (
            // A reader without a plan wants to know the price before they create an account.
            <LinkButton to={addressOfPlans({ from: slug })} look="quiet">
              See plans
            </LinkButton>
          ) : null}
        </Buttons>
        {step === 'sign-in' ? (
          <noscript>
            <p>Signing in needs JavaScript. Turn it on for this site, then reload this page.</p>
          </noscript>
        ) : null}
      </div>
    </Card>
  )
}

interface NextStepProps {
  readonly step: Step
  readonly label: string
  readonly slug: string
  readonly onRetry: () => Promise<unknown>
}

function NextStep({ step, label, slug, onRetry }: NextStepProps) {
  const { signIn } = useSession()
  const { openPortal } = useMembershipActions()
  switch (step) {
    case 'sign-in':
      // Without JavaScript the button would do nothing.
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
      return <LinkButton to={addressOfPlans({ from: slug })}>{label}</LinkButton>
    case 'fix-payment':
      return (
        <span data-fixes-payment>
          <Button look="main" onPress={() => openPortal('UPDATE_CARD', addressOfArticle(slug))}>
            {label}
          </Button>
        </span>
      )
    case 'account':
      return <LinkButton to={accountPage}>{label}</LinkButton>
  }
}
