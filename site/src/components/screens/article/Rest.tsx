import type { Visibility } from '../../../graphql/operations.ts'
import type { RestState } from '../../../lib/rest-state.ts'
import { Card } from '../../basics/Card.tsx'
import { Prose } from '../../basics/Prose.tsx'
import { Trouble } from '../Trouble.tsx'
import { Paywall } from './Paywall.tsx'
import * as css from './Rest.module.css'

interface RestProps {
  readonly state: RestState
  readonly visibility: Visibility
  readonly onRetry: () => Promise<unknown>
}

/** What stands below the preview. */
export function Rest({ state, visibility, onRetry }: RestProps) {
  switch (state.kind) {
    case 'open':
      return <Prose html={state.html} id="rest" />
    case 'locked':
      return (
        <div className={css.below}>
          <Paywall reason={state.reason} plans={state.plans} visibility={visibility} onRetry={onRetry} />
        </div>
      )
    case 'unknown':
      // Which of the two is shown was decided before the first paint: styles/base.css.
      return (
        <>
          <div className={`if-nobody ${css.below}`}>
            <Paywall reason="SIGN_IN_REQUIRED" plans={state.plans} visibility={visibility} onRetry={onRetry} />
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

/** Room for the text that comes, as high as the window: what stands below is out of sight and does not jump. */
function Opening() {
  return (
    <div className={css.opening} data-opening role="status">
      <span className="for-ears">Opening the rest.</span>
    </div>
  )
}
