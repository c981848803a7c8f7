import type { BillingInterval, PlanOnSaleFragment, ViewerHoldingsFragment } from '../../api/operations.ts'
import { isFailing, isRunning, paidMembership, type Held } from '../../membership/holdings.ts'
import { keepLabel } from '../../membership/plan-change-words.ts'
import { dayOf } from '../../ui/dates.ts'

/** Who looks at the plans. */
export type PlanReader =
  /** It is not known yet, or cannot be known now. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'disabled' }
  | { readonly kind: 'member'; readonly holdings: Pick<ViewerHoldingsFragment, 'memberships' | 'billing'> }

/** Who looks at the plans, from the session and from what the API says. */
export function planReader(
  session: 'pending' | 'anonymous' | 'signed-in',
  { viewer, problem }: { viewer: ViewerHoldingsFragment | null; problem: string | null },
): PlanReader {
  if (session === 'anonymous') return { kind: 'anonymous' }
  if (session === 'pending') return { kind: 'unknown' }
  if (problem === 'disabled') return { kind: 'disabled' }
  return viewer ? { kind: 'member', holdings: viewer } : { kind: 'unknown' }
}

export type PlanStep =
  /** There is a button, and it cannot be said yet what it does. */
  | 'wait'
  /** Sign in, and come back with this choice. */
  | 'sign-in'
  | 'buy'
  /** What the change does is shown before it is made. */
  | 'change'
  /** Takes back a cancellation, or a change that is to come. */
  | 'keep'
  | 'fix-payment'
  | 'account'
  | 'none'

export interface PlanSituation {
  readonly step: PlanStep
  /** On the button; empty: there is none. */
  readonly label: string
  /** How the reader stands to this plan; null: not at all. */
  readonly mark: string | null
  readonly held: boolean
}

export interface SituationFacts {
  readonly plan: Pick<PlanOnSaleFragment, 'slug' | 'name'>
  /** As the card shows it. */
  readonly interval: BillingInterval
  readonly reader: PlanReader
  /** All on sale: they know what includes what. */
  readonly plans: readonly Pick<PlanOnSaleFragment, 'slug' | 'includes'>[]
}

/** Says what the button of a plan does for this reader, and how they stand to it. Pure; the order of its lines is the rule. */
export function planSituation({ plan, interval, reader, plans }: SituationFacts): PlanSituation {
  const choose = `Choose ${plan.name}`
  if (reader.kind === 'unknown') return { step: 'wait', label: choose, mark: null, held: false }
  if (reader.kind === 'anonymous') return { step: 'sign-in', label: choose, mark: null, held: false }
  if (reader.kind === 'disabled') return { step: 'none', label: '', mark: null, held: false }

  const { memberships, billing } = reader.holdings
  const paid = paidMembership(memberships)
  const given = memberships.find((held) => held.source !== 'PAYMENT' && isRunning(held) && held.plan.slug === plan.slug)
  const givenMark = given ? givenWords(given) : null
  if (!paid) return { step: 'buy', label: choose, mark: givenMark, held: given !== undefined }

  const isPaid = paid.plan.slug === plan.slug
  const held = isPaid || given !== undefined
  const here = (step: PlanStep, label: string, mark: string): PlanSituation => ({ step, label, mark, held: true })
  const elsewhere = (step: PlanStep, label: string): PlanSituation => ({
    step,
    label,
    mark: givenMark ?? (includes(plans, paid.plan.slug, plan.slug) ? `Included in ${paid.plan.name}` : null),
    held,
  })

  if (isFailing(paid)) {
    const label = 'Update payment'
    return isPaid ? here('fix-payment', label, 'Your plan; its payment failed') : elsewhere('none', '')
  }
  if (!isRunning(paid)) {
    const label = 'Go to your account'
    return isPaid ? here('account', label, 'Your plan; on hold') : elsewhere('account', label)
  }

  const change = billing?.change
  if (change) {
    const [keep, day] = [keepLabel(paid, change), dayOf(change.at)]
    const isPresent = isPaid && billing.interval === interval
    const isNext = change.plan.slug === plan.slug && change.interval === interval
    if (isNext) return here('keep', keep, isPaid ? `Your plan; new billing from ${day}` : `Your plan from ${day}`)
    if (isPresent) return here('keep', keep, `Your plan until ${day}`)
  } else if (isPaid && paid.cancelAtPeriodEnd) {
    const end = paid.currentPeriodEnd ? `ends on ${dayOf(paid.currentPeriodEnd)}` : 'ends with its period'
    return here('keep', `Keep ${plan.name}`, `Your plan; ${end}`)
  }
  if (isPaid && (billing?.interval ?? interval) === interval) return here('account', 'Go to your account', 'Your plan')
  if (isPaid) return here('change', interval === 'YEARLY' ? 'Pay yearly' : 'Pay monthly', 'Your plan')
  return elsewhere('change', `Change to ${plan.name}`)
}

function givenWords({ source, currentPeriodEnd }: Held): string {
  const how = source === 'GIFT' ? 'A gift to you' : 'Given to you'
  return currentPeriodEnd ? `${how}, until ${dayOf(currentPeriodEnd)}` : `${how}, without an end`
}

const includes = (plans: SituationFacts['plans'], including: string, included: string): boolean =>
  plans.some(({ slug, includes: all }) => slug === including && all.some((plan) => plan.slug === included))
