import { useLayoutEffect } from 'react'
import { useArrival, type Arrival } from '../../../graphql/arrival.tsx'
import type { AccessReason, Visibility } from '../../../graphql/operations.ts'
import type { RestState } from '../../../lib/rest-state.ts'
import type { TextAttributes } from '../../../lib/text-attributes.ts'
import { Button } from '../../basics/Button.tsx'
import { Card } from '../../basics/Card.tsx'
import { Prose } from '../../basics/Prose.tsx'
import { Trouble } from '../Trouble.tsx'
import { Paywall } from './Paywall.tsx'
import * as css from './Rest.module.css'

export interface RestProps {
  /** Of the article. */
  readonly slug: string
  readonly state: RestState
  /** Something is under way that may change it. */
  readonly asking: boolean
  readonly visibility: Visibility
  /** Language and direction of the article. */
  readonly text: TextAttributes
  readonly onRetry: () => Promise<unknown>
}

/** What stands below the preview. */
export function Rest({ slug, state, asking, visibility, text, onRetry }: RestProps) {
  const arrival = useArrival()
  useComeBack(arrival)
  switch (state.kind) {
    case 'open':
      return <Prose html={state.html} id="rest" {...text} />
    case 'locked':
      // It was paid for: what opens it is on its way.
      if (arrival && opensWith(state.reason)) {
        if (arrival.stage === 'waiting' || (arrival.stage === 'arrived' && asking)) return <Opening />
        if (arrival.stage === 'late') return <Late arrival={arrival} />
      }
      return (
        <div className={css.below}>
          <Paywall slug={slug} reason={state.reason} plans={state.plans} visibility={visibility} onRetry={onRetry} />
        </div>
      )
    case 'unknown':
      // Which of the two is shown was decided before the first paint: styles/base.css.
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
            <Opening />
          </div>
        </>
      )
    case 'opening':
      return <Opening />
    case 'away':
      return (
        <div className={css.below}>
          <Trouble cause={state.cause} what="The rest" onRetry={onRetry} />
        </div>
      )
    case 'gone':
      return (
        <div className={css.below}>
          <Card label="No longer published">
            <h2>This piece is no longer published</h2>
            <p>The publisher has taken it back since this page was made.</p>
          </Card>
        </div>
      )
  }
}

/**
 * Whoever paid is taken to where the paywall stood, once, at a jump: the room for the text is there already, so nothing moves
 * afterwards. Who has begun to scroll goes their own way.
 */
function useComeBack(arrival: Arrival | null): void {
  const paid = arrival !== null && arrival.stage !== 'back' && arrival.stage !== 'nobody'
  useLayoutEffect(() => {
    if (paid && window.scrollY === 0) document.querySelector('[data-opening], #rest')?.scrollIntoView()
  }, [paid])
}

const plansOpen = new Set<string>(['PLAN_REQUIRED', 'PLAN_EXPIRED', 'PAYMENT_PAST_DUE'])

/** Whether a plan is what is missing. */
const opensWith = (reason: AccessReason): boolean => plansOpen.has(reason)

/** In the place of a paywall that would ask to buy what was bought. */
function Late({ arrival: { words, checkAgain } }: { arrival: Arrival }) {
  return (
    <div className={css.below}>
      <Card label="On its way">
        <h2>Your payment is on its way</h2>
        <p>{words}</p>
        <div>
          <Button look="main" onPress={checkAgain}>
            Look again
          </Button>
        </div>
      </Card>
    </div>
  )
}

/** Room for the text that comes, as high as the window: what stands below is out of sight and does not jump. */
function Opening() {
  return (
    <div className={css.opening} data-opening role="status">
      <span className="for-ears">Opening the rest.</span>
    </div>
  )
}
