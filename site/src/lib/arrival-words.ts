import type { StandingFragment } from '../graphql/operations.ts'
import type { CheckoutReturn } from './checkout-return.ts'
import { isGoodGift, isRunning, paidMembership } from './holdings.ts'

/** How far the news of a payment has come. */
export type ArrivalStage =
  /** Nothing was bought. */
  | 'back'
  /** The provider has it; we have not heard of it yet. */
  | 'waiting'
  /** The same, for longer than usual. */
  | 'late'
  /** What was bought is there. */
  | 'arrived'
  /** Nobody is signed in, so nobody can be told. */
  | 'nobody'

/** Whether its notice goes by itself; what stays is a problem with something to do. */
export const passes = (stage: ArrivalStage): boolean => stage === 'back' || stage === 'waiting' || stage === 'arrived'

/** Whether the plans page says it in its text: the news of a plan that was bought there stays, with a way to read. */
export const isSaidByPlans = ({ stage, gift }: { readonly stage: ArrivalStage; readonly gift: unknown }): boolean =>
  (stage === 'waiting' || stage === 'arrived') && gift === null

export interface ArrivalFacts {
  readonly arrival: CheckoutReturn
  readonly signedIn: boolean
  /** Null: not known. */
  readonly standing: Pick<StandingFragment, 'memberships' | 'gifts'> | null
  /** It was asked for long enough. */
  readonly late: boolean
}

export function arrivalStage({ arrival: { outcome, purchase }, signedIn, standing, late }: ArrivalFacts): ArrivalStage {
  if (outcome === 'back') return 'back'
  if (!signedIn) return 'nobody'
  if (standing && isThere(standing, purchase)) return 'arrived'
  return late ? 'late' : 'waiting'
}

function isThere({ memberships, gifts }: NonNullable<ArrivalFacts['standing']>, purchase: CheckoutReturn['purchase']) {
  if (purchase === 'gift') return (gifts ?? []).some(isGoodGift)
  const paid = paidMembership(memberships)
  return paid !== null && isRunning(paid)
}

/** What is said to somebody who comes back from paying. @param name what they hold now, or what they bought for somebody else */
export function arrivalWords(stage: ArrivalStage, purchase: CheckoutReturn['purchase'], name: string | null): string {
  switch (stage) {
    case 'back':
      return 'Nothing was bought.'
    case 'waiting':
      return purchase === 'gift' ? 'Payment received. The code comes in a moment …' : 'Payment received. Opening …'
    case 'late':
      return 'Your payment is on its way to us, which may take a minute or two. Nothing is lost: this page goes on listening, and shows it by itself.'
    case 'arrived':
      if (purchase === 'gift') {
        return `Thank you. The code${name ? ` for ${name}` : ''} is under Gifts.`
      }
      return name ? `Welcome. ${name} is yours.` : 'Welcome.'
    case 'nobody':
      return 'Payment received. Sign in with the account that you paid with, and it opens.'
  }
}
