import type { FailureCause } from '../../../api/errors.ts'
import type { AccessReason, PlanNameFragment, Visibility } from '../../../api/operations.ts'

// What is shown below the preview of an article: a pure function of the built page, the session and the API's answer.

export type PaidBodyState =
  | { readonly kind: 'open'; readonly html: string }
  | { readonly kind: 'locked'; readonly reason: AccessReason; readonly plans: readonly PlanNameFragment[] }
  /** The reader is signed in, or the page was not built, and the API has not answered. */
  | { readonly kind: 'loading' }
  /** The session is not known, as in the static page. */
  | { readonly kind: 'unknown'; readonly plans: readonly PlanNameFragment[] }
  /** The API did not answer, and the page does not have the rest. */
  | { readonly kind: 'failed'; readonly cause: FailureCause }
  /** The article was unpublished after the build. */
  | { readonly kind: 'missing' }

interface Built {
  readonly visibility: Visibility
  readonly requiredPlans: readonly PlanNameFragment[]
  readonly rest: string | null
}

interface Fetched {
  readonly access: {
    readonly granted: boolean
    readonly reason: AccessReason
    readonly requiredPlans: readonly PlanNameFragment[]
  }
  readonly body?: { readonly rest: string } | null
}

export interface PaidBodyFacts {
  /** Null if the article was published after the build. */
  readonly built: Built | null
  readonly session: 'pending' | 'anonymous' | 'signed-in'
  readonly answer:
    | { readonly kind: 'loading' | 'missing' | 'members-only' }
    | { readonly kind: 'failed'; readonly cause: FailureCause }
    | { readonly kind: 'loaded'; readonly article: Fetched }
}

export function paidBodyState({ built, session, answer }: PaidBodyFacts): PaidBodyState {
  if (answer.kind === 'loaded') return fetchedState(built, answer.article)
  if (answer.kind === 'missing') return { kind: 'missing' }
  const plans = built?.requiredPlans ?? []
  if (answer.kind === 'members-only') return { kind: 'locked', reason: 'SIGN_IN_REQUIRED', plans }
  // Public text in the built page stays, whatever the API answers.
  if (built?.rest != null) return { kind: 'open', html: built.rest }
  // An anonymous reader would not get the rest either, and sees the paywall.
  if (answer.kind === 'failed' && (session === 'signed-in' || !built)) return { kind: 'failed', cause: answer.cause }
  if (session === 'pending') return { kind: 'unknown', plans }
  if (session === 'signed-in' || !built) return { kind: 'loading' }
  return { kind: 'locked', reason: 'SIGN_IN_REQUIRED', plans }
}

/** Returns the state by the API's answer, which overrides the build: an article may have been locked or opened since. */
function fetchedState(built: Built | null, { access, body }: Fetched): PaidBodyState {
  const { granted, reason, requiredPlans } = access
  if (!granted) return { kind: 'locked', reason, plans: requiredPlans }
  const html = body?.rest ?? built?.rest ?? null
  return html === null ? { kind: 'locked', reason: 'UNAVAILABLE', plans: requiredPlans } : { kind: 'open', html }
}
