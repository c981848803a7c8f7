import { useLayoutEffect } from 'react'
import type { AccessReason, Visibility } from '../../../api/operations.ts'
import type { TextAttributes } from '../../../articles/text-attributes.ts'
import { LoadProblem } from '../../../fallbacks/LoadProblem.tsx'
import { Button } from '../../../ui/controls/Button.tsx'
import { Card } from '../../../ui/layout/Card.tsx'
import { useCheckoutReturnNotice, type CheckoutReturnNotice } from '../../checkout-return/CheckoutReturnProvider.tsx'
import { Prose } from '../text/Prose.tsx'
import type { PaidBodyState } from './paid-body-state.ts'
import { Paywall } from './Paywall.tsx'
import * as css from './PaidBody.module.css'

export interface PaidBodyProps {
  readonly slug: string
  readonly state: PaidBodyState
  /** Whether a query is under way that may change the state. */
  readonly asking: boolean
  readonly visibility: Visibility
  /** Language and direction of the article. */
  readonly text: TextAttributes
  readonly onRetry: () => Promise<unknown>
}

/** Shows the body below the preview, or the paywall in its place. */
export function PaidBody({ slug, state, asking, visibility, text, onRetry }: PaidBodyProps) {
  const checkoutReturn = useCheckoutReturnNotice()
  useScrollToPaidBody(checkoutReturn)
  switch (state.kind) {
    case 'open':
      return <Prose html={state.html} id="rest" {...text} />
    case 'locked':
      // The reader has paid, and the membership has not arrived yet.
      if (checkoutReturn && isOpenedByPlan(state.reason)) {
        if (checkoutReturn.stage === 'waiting' || (checkoutReturn.stage === 'arrived' && asking))
          return <LoadingSpace />
        if (checkoutReturn.stage === 'delayed') return <DelayedPurchase checkoutReturn={checkoutReturn} />
      }
      return (
        <div className={css.below}>
          <Paywall slug={slug} reason={state.reason} plans={state.plans} visibility={visibility} onRetry={onRetry} />
        </div>
      )
    case 'unknown':
      // A script before the first paint decides which of the two is shown (styles/base.css).
      return (
        <>
          <div className={`if-nobody ${css.below}`}>
            <Paywall
              slug={slug}
              reason="SIGN_IN_REQUIRED"
              plans={state.plans}
              visibility={visibility}
              onRetry={onRetry}
            />
          </div>
          <div className="if-maybe">
            <LoadingSpace />
          </div>
        </>
      )
    case 'loading':
      return <LoadingSpace />
    case 'failed':
      return (
        <div className={css.below}>
          <LoadProblem cause={state.cause} what="The rest of this article" onRetry={onRetry} />
        </div>
      )
    case 'missing':
      return (
        <div className={css.below}>
          <Card label="No longer published">
            <h2>This article is no longer available</h2>
            <p>The publisher has removed it.</p>
          </Card>
        </div>
      )
  }
}

/**
 * Scrolls a reader who has paid to the place of the paywall, once and without animation. The space for the text is reserved, so nothing
 * moves afterwards. A reader who has scrolled stays where they are.
 */
function useScrollToPaidBody(checkoutReturn: CheckoutReturnNotice | null): void {
  const paid = checkoutReturn !== null && checkoutReturn.stage !== 'cancelled' && checkoutReturn.stage !== 'signed-out'
  useLayoutEffect(() => {
    if (paid && window.scrollY === 0) document.querySelector('[data-opening], #rest')?.scrollIntoView()
  }, [paid])
}

const planReasons = new Set<string>(['PLAN_REQUIRED', 'PLAN_EXPIRED', 'PAYMENT_PAST_DUE'])

/** Returns whether a plan would open the article. */
const isOpenedByPlan = (reason: AccessReason): boolean => planReasons.has(reason)

/** Replaces the paywall while a purchase takes longer than usual to arrive. */
function DelayedPurchase({ checkoutReturn: { words, checkAgain } }: { checkoutReturn: CheckoutReturnNotice }) {
  return (
    <div className={css.below}>
      <Card label="Payment in progress">
        <h2>This is taking longer than usual</h2>
        <p>{words}</p>
        <div>
          <Button look="main" onPress={checkAgain}>
            Check again
          </Button>
        </div>
      </Card>
    </div>
  )
}

/** Reserves space for the text, as high as the window, so that the content below it is out of sight and does not jump. */
function LoadingSpace() {
  return (
    <div className={css.opening} data-opening role="status">
      <span className="for-ears">Loading the rest of the article.</span>
    </div>
  )
}
