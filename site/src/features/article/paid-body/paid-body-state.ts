import type { FailureCause } from '../../../api/errors.ts'
import type { AccessReason, PlanNameFragment, Visibility } from '../../../api/operations.ts'

// What stands below the preview of an article: a pure function of what the page was built with and what the API says.

export type PaidBodyState =
  | { readonly kind: 'open'; readonly html: string }
  | { readonly kind: 'locked'; readonly reason: AccessReason; readonly plans: readonly PlanNameFragment[] }
  /** Somebody is, or probably is, signed in, and what they may read is being asked. */
  | { readonly kind: 'loading' }
  /** As in the static page: nobody knows yet who reads. */
  | { readonly kind: 'unknown'; readonly plans: readonly PlanNameFragment[] }
  /** Nothing came, and the page does not have the rest. */
  | { readonly kind: 'failed'; readonly cause: FailureCause }
  /** It was published when the page was built, and is not any more. */
  | { readonly kind: 'missing' }

interface Built {
  readonly visibility: Visibility
  readonly requiredPlans: readonly PlanNameFragment[]
  readonly rest: string | null
}

interface Live {
  readonly access: {
    readonly granted: boolean
    readonly reason: AccessReason
    readonly requiredPlans: readonly PlanNameFragment[]
  }
  readonly body?: { readonly rest: string } | null
}

export interface PaidBodyFacts {
  /** Null: published after the build. */
  readonly built: Built | null
  readonly session: 'pending' | 'anonymous' | 'signed-in'
  readonly answer:
    | { readonly kind: 'loading' | 'missing' | 'members-only' }
    | { readonly kind: 'failed'; readonly cause: FailureCause }
    | { readonly kind: 'loaded'; readonly article: Live }
}

export function paidBodyState({ built, session, answer }: PaidBodyFacts): PaidBodyState {
  if (answer.kind === 'loaded') return liveState(built, answer.article)
  if (answer.kind === 'missing') return { kind: 'missing' }
  const plans = built?.requiredPlans ?? []
  if (answer.kind === 'members-only') return { kind: 'locked', reason: 'SIGN_IN_REQUIRED', plans }
  // A text that is in the page for everybody stays, whatever happens to the API.
  if (built?.rest != null) return { kind: 'open', html: built.rest }
  // Who is not signed in would not get it either: what to do about that is there.
  if (answer.kind === 'failed' && (session === 'signed-in' || !built)) return { kind: 'failed', cause: answer.cause }
  if (session === 'pending') return { kind: 'unknown', plans }
  if (session === 'signed-in' || !built) return { kind: 'loading' }
  return { kind: 'locked', reason: 'SIGN_IN_REQUIRED', plans }
}

/** The API's word counts, whatever the page was built with: an article may have been locked or opened since. */
function liveState(built: Built | null, { access, body }: Live): PaidBodyState {
  const { granted, reason, requiredPlans } = access
  if (!granted) return { kind: 'locked', reason, plans: requiredPlans }
  const html = body?.rest ?? built?.rest ?? null
  return html === null ? { kind: 'locked', reason: 'UNAVAILABLE', plans: requiredPlans } : { kind: 'open', html }
}
