import type { AccessReason, PlanNameFragment, Visibility } from '../../../api/operations.ts'

/** The reader's next step. */
export type Step = 'sign-in' | 'choose-plan' | 'renew' | 'fix-payment' | 'another-account' | 'again' | 'account'

interface PaywallWords {
  readonly title: string
  readonly text: string
  readonly step: Step
  /** Label of the button. */
  readonly label: string
}

export interface PaywallFacts {
  readonly reason: AccessReason
  readonly visibility: Visibility
  readonly plans: readonly PlanNameFragment[]
}

/** Returns the words of a paywall: what is locked, why, and the next step. */
export function paywallWords({ reason, visibility, plans }: PaywallFacts): PaywallWords {
  const names = either(plans.map(({ name }) => name))
  switch (reason) {
    case 'SIGN_IN_REQUIRED':
      return visibility === 'MEMBERS'
        ? {
            title: 'Keep reading with a free account',
            text: 'The rest of this article is open to everyone with an account. An account is free.',
            step: 'sign-in',
            label: 'Sign in or create an account',
          }
        : {
            title: 'The rest is for subscribers',
            text: `You can read it with ${names}. Already a subscriber? Sign in. If not, create a free account first.`,
            step: 'sign-in',
            label: 'Sign in',
          }
    case 'PLAN_REQUIRED':
      return {
        title: 'This article is for subscribers',
        text: `You can read it with ${names}.`,
        step: 'choose-plan',
        label: 'Choose a plan',
      }
    case 'PLAN_EXPIRED':
      return {
        title: 'Your plan has ended',
        text: `Your plan included this article. To read it again, choose ${names}.`,
        step: 'renew',
        label: 'Subscribe again',
      }
    case 'PAYMENT_PAST_DUE':
      return {
        title: 'Your last payment failed',
        text: 'Your plan is on hold until the payment is made. Your account and your bookmarks are safe.',
        step: 'fix-payment',
        label: 'Update payment',
      }
    case 'ACCOUNT_DISABLED':
      return {
        title: 'This account is disabled',
        text: 'The publisher has disabled this account. Contact the publisher, or use another account.',
        step: 'another-account',
        label: 'Use another account',
      }
    case 'UNAVAILABLE':
      return {
        title: 'We can’t check your access right now',
        text: 'This is a problem on our side. Your plan is not affected. We’ll keep trying.',
        step: 'again',
        label: 'Try again now',
      }
    default:
      return {
        title: 'The rest of this article is locked',
        text: 'It isn’t available to your account at the moment.',
        step: 'account',
        label: 'Go to your account',
      }
  }
}

/** Returns `the Supporter or Patron plan`; without names, `a plan`. */
function either(names: readonly string[]): string {
  if (names.length === 0) return 'a plan'
  const list = new Intl.ListFormat('en', { type: 'disjunction' }).format(names)
  return `the ${list} plan`
}
