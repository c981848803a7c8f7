import type { ViewerHoldingsFragment } from '../../api/operations.ts'
import { isRedeemable, isRunning, paidMembership } from '../../membership/holdings.ts'
import type { CheckoutReturn } from './checkout-return-address.ts'

/** The stages of a return from checkout. */
export type CheckoutReturnStage =
  /** The reader cancelled the checkout. */
  | 'cancelled'
  /** The payment was made. Its webhook has not been processed. */
  | 'waiting'
  /** The webhook takes longer than a minute. */
  | 'delayed'
  /** The purchase can be used. */
  | 'arrived'
  /** Nobody is signed in. */
  | 'signed-out'

/** Returns whether the notice of a stage closes by itself. The others ask the reader to do something. */
export const closesByItself = (stage: CheckoutReturnStage): boolean =>
  stage === 'cancelled' || stage === 'waiting' || stage === 'arrived'

/** Returns whether the plans page shows the notice in its text, where it stays: for a plan, not for a gift. */
export const isShownByPlansPage = ({
  stage,
  gift,
}: {
  readonly stage: CheckoutReturnStage
  readonly gift: unknown
}): boolean => (stage === 'waiting' || stage === 'arrived') && gift === null

export interface CheckoutReturnFacts {
  readonly checkoutReturn: CheckoutReturn
  readonly signedIn: boolean
  /** Null if not loaded. */
  readonly holdings: Pick<ViewerHoldingsFragment, 'memberships' | 'gifts'> | null
  /** Whether the last check is over. */
  readonly delayed: boolean
}

export function checkoutReturnStage({
  checkoutReturn: { outcome, purchase },
  signedIn,
  holdings,
  delayed,
}: CheckoutReturnFacts): CheckoutReturnStage {
  if (outcome === 'back') return 'cancelled'
  if (!signedIn) return 'signed-out'
  if (holdings && isThere(holdings, purchase)) return 'arrived'
  return delayed ? 'delayed' : 'waiting'
}

function isThere(
  { memberships, gifts }: NonNullable<CheckoutReturnFacts['holdings']>,
  purchase: CheckoutReturn['purchase'],
) {
  if (purchase === 'gift') return (gifts ?? []).some(isRedeemable)
  const paid = paidMembership(memberships)
  return paid !== null && isRunning(paid)
}

/** Returns the words of the notice. @param name the plan that the reader holds now, or the gift that they bought */
export function checkoutReturnWords(
  stage: CheckoutReturnStage,
  purchase: CheckoutReturn['purchase'],
  name: string | null,
): string {
  switch (stage) {
    case 'cancelled':
      return 'Checkout cancelled. You haven’t been charged.'
    case 'waiting':
      return purchase === 'gift'
        ? 'Payment received. Your code will be here in a moment …'
        : 'Payment received. Unlocking …'
    case 'delayed':
      return 'Your payment is being processed. This can take a minute or two. The page will update by itself.'
    case 'arrived':
      if (purchase === 'gift') {
        return `Thank you. The code${name ? ` for ${name}` : ''} is under Gifts.`
      }
      return name ? `Welcome. You now have ${name}.` : 'Welcome.'
    case 'signed-out':
      return 'Payment received. Sign in with the account you paid with.'
  }
}
