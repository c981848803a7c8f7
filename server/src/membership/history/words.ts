import type { Catalogue } from '../../catalogue/index.ts'
import { stateOf } from '../entitlement.ts'
import type { ClosedState } from '../states.ts'
import type { Access, MembershipRow, Requirement } from '../types.ts'
import type { FactsThen } from './facts.ts'

/** Returns the explanation in one sentence: the instant, the article's requirement, the member's membership and the result. */
export function summarise(facts: FactsThen, access: Access, openedBy: ReadonlySet<string>): string {
  const { at, articleWas, requirement, catalogue } = facts
  const verdict = access.granted ? 'open' : 'locked'
  const parts =
    articleWas === 'not there'
      ? ['there was no such article yet']
      : articleWas === 'unpublished'
        ? ['the article was not published']
        : requirement === null
          ? ['the article had no requirement yet']
          : [requirementInWords(requirement, catalogue), because(facts, access, openedBy)]
  return `On ${instantInWords(at)} ${parts.filter(Boolean).join('; ')}: ${verdict}.`
}

function requirementInWords({ visibility, planIds }: Requirement, catalogue: Catalogue): string {
  if (visibility === 'PUBLIC') return 'the article was public'
  if (visibility === 'MEMBERS') return 'the article required an account'
  if (visibility === 'PAID') return 'the article required a plan'
  const names = planIds.map((id) => nameOf(id, catalogue)).sort()
  return `the article required ${names.length === 0 ? 'a plan that does not exist' : names.join(' or ')}`
}

const nameOf = (planId: string, catalogue: Catalogue): string => catalogue.get(planId)?.name ?? 'an unknown plan'

function because({ at, catalogue, held }: FactsThen, access: Access, openedBy: ReadonlySet<string>): string {
  const opening = held.filter(({ planId }) => openedBy.has(planId))
  const describe = (holding: MembershipRow | undefined) =>
    holding && `the ${nameOf(holding.planId, catalogue)} ${nouns[holding.source]} ${describeState(holding, at)}`
  const closedAs = (closed: ClosedState) => opening.find((holding) => stateOf(holding, at).kind === closed)
  switch (access.reason) {
    case 'SIGN_IN_REQUIRED':
      return 'there was no account yet'
    case 'ACCOUNT_DISABLED':
      return 'the account was disabled'
    case 'SIGNED_IN':
      return 'the account existed'
    case 'PLAN':
      return describe(longest(opening, at)) ?? ''
    case 'PAYMENT_PAST_DUE':
      return describe(closedAs('unpaid')) ?? ''
    case 'PLAN_EXPIRED':
      return describe(closedAs('over')) ?? ''
    case 'PLAN_REQUIRED':
      return (
        describe(closedAs('nothing')) ??
        (held.length === 0 ? 'the member held no plan' : 'the member held no plan that opens it')
      )
    default:
      return ''
  }
}

const nouns: Readonly<Record<MembershipRow['source'], string>> = {
  PAYMENT: 'membership',
  GIFT: 'gift',
  COMPLIMENTARY: 'grant',
}

/** Returns the membership that opens the article for the longest time. */
function longest(opening: readonly MembershipRow[], at: Date): MembershipRow | undefined {
  const end = (holding: MembershipRow): number => {
    const state = stateOf(holding, at)
    return state.kind === 'live' ? (state.until?.getTime() ?? Infinity) : -Infinity
  }
  return [...opening].sort((a, b) => end(b) - end(a))[0]
}

/** Returns a membership's state as the predicate of a sentence. */
function describeState(holding: MembershipRow, at: Date): string {
  const { status, startedAt, currentPeriodEnd, graceEndsAt, endedAt } = holding
  const live = stateOf(holding, at).kind === 'live'
  if (startedAt > at) return `was to begin on ${instantInWords(startedAt)}`
  switch (status) {
    case 'TRIALING':
    case 'ACTIVE': {
      const end = graceEndsAt ?? currentPeriodEnd
      if (!live && end) return `had run out on ${instantInWords(end)}`
      if (graceEndsAt && currentPeriodEnd && currentPeriodEnd <= at)
        return `was to be renewed, with a grace period until ${instantInWords(graceEndsAt)}`
      const word = status === 'TRIALING' ? 'was in its free trial' : 'was running'
      return currentPeriodEnd ? `${word} until ${instantInWords(currentPeriodEnd)}` : `${word} without an end`
    }
    case 'PAST_DUE':
      if (!graceEndsAt) return 'was past due, without a grace period'
      return live
        ? `was past due, with a grace period until ${instantInWords(graceEndsAt)}`
        : `was past due, with a grace period that had ended on ${instantInWords(graceEndsAt)}`
    case 'UNPAID':
      return 'was unpaid'
    case 'PAUSED':
      return 'was paused'
    case 'INCOMPLETE':
      return 'was waiting for its first payment'
    case 'ENDED':
      return endedAt && endedAt > startedAt ? `had ended on ${instantInWords(endedAt)}` : 'never started'
    default:
      return 'had a status that opens nothing'
  }
}

const dayInWords = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' })

/** Formats an instant to the minute, or to the millisecond if it is not a whole minute: "3 March 2026 10:00 UTC". */
function instantInWords(at: Date): string {
  const [minutes, rest] = [at.toISOString().slice(11, 16), at.toISOString().slice(16, 23)]
  return `${dayInWords.format(at)} ${minutes}${rest === ':00.000' ? '' : rest} UTC`
}
