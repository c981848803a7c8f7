import type { AccessReason, PlanNameFragment, Visibility } from '../graphql/operations.ts'

/** The one thing to do next. */
export type Step = 'sign-in' | 'choose-plan' | 'renew' | 'fix-payment' | 'another-account' | 'again' | 'account'

export interface PaywallWords {
  readonly title: string
  readonly text: string
  readonly step: Step
  /** On the button. */
  readonly label: string
}

export interface PaywallFacts {
  readonly reason: AccessReason
  readonly visibility: Visibility
  readonly plans: readonly PlanNameFragment[]
}

/** What a locked article says: what is locked, why, and what to do next. */
export function paywallWords({ reason, visibility, plans }: PaywallFacts): PaywallWords {
  const names = either(plans.map(({ name }) => name))
  switch (reason) {
    case 'SIGN_IN_REQUIRED':
      return visibility === 'MEMBERS'
        ? {
            title: 'Read on with a free account',
            text: 'The rest of this piece is for everyone who has an account. It costs nothing.',
            step: 'sign-in',
            label: 'Sign in or create an account',
          }
        : {
            title: 'The rest is for members with a plan',
            text: `It opens with ${names}. If you hold it already, sign in; if not, an account is the first step.`,
            step: 'sign-in',
            label: 'Sign in',
          }
    case 'PLAN_REQUIRED':
      return {
        title: 'Your account has no plan for this piece',
        text: `It opens with ${names}.`,
        step: 'choose-plan',
        label: 'Choose a plan',
      }
    case 'PLAN_EXPIRED':
      return {
        title: 'Your plan has ended',
        text: `It opened this piece as long as it ran. It opens again with ${names}.`,
        step: 'renew',
        label: 'Renew your plan',
      }
    case 'PAYMENT_PAST_DUE':
      return {
        title: 'Your last payment did not go through',
        text: 'Your plan is on hold until it does. Nothing else is lost: your bookmarks and your account are as they were.',
        step: 'fix-payment',
        label: 'Fix the payment',
      }
    case 'ACCOUNT_DISABLED':
      return {
        title: 'This account is disabled',
        text: 'The publisher has switched it off, so it opens nothing that needs an account. Only the publisher can say why; with another account you can read on.',
        step: 'another-account',
        label: 'Use another account',
      }
    case 'UNAVAILABLE':
      return {
        title: 'We cannot say just now whether this is open to you',
        text: 'It is our fault, not yours, and has nothing to do with what you hold. We keep trying.',
        step: 'again',
        label: 'Try again now',
      }
    default:
      return {
        title: 'The rest of this piece is locked',
        text: 'It is not open to your account at the moment.',
        step: 'account',
        label: 'See your account',
      }
  }
}

/** `one of the plans Supporter or Patron`; without names, `a plan`. */
function either(names: readonly string[]): string {
  if (names.length === 0) return 'a plan'
  const list = new Intl.ListFormat('en', { type: 'disjunction' }).format(names)
  return names.length === 1 ? `the plan ${list}` : `one of the plans ${list}`
}
