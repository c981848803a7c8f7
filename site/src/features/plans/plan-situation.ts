import type { BillingInterval, PlanOnSaleFragment, ViewerHoldingsFragment } from '../../api/operations.ts'
import { isRunning, paidMembership, type Held } from '../../membership/holdings.ts'
import { intervalWords } from '../../membership/interval-words.ts'
import { keepLabel } from '../../membership/plan-change-words.ts'
import { dayOf } from '../../ui/format/dates.ts'

/** The reader of the plans page. */
export type PlanReader =
  /** Not known yet, or not available. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'disabled' }
  | {
      readonly kind: 'member'
      readonly holdings: Pick<ViewerHoldingsFragment, 'memberships' | 'billing' | 'purchaseStep'>
    }

/** Returns the reader of the plans page, from the session and the API's answer. */
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
  /** The button waits until the reader is known. */
  | 'wait'
  /** Sign in, and return with this choice. */
  | 'sign-in'
  | 'buy'
  /** Shows what a change does before it is made. */
  | 'change'
  /** Takes back a cancellation or a scheduled change. */
  | 'keep'
  | 'fix-payment'
  | 'account'
  | 'none'

interface PlanSituation {
  readonly step: PlanStep
  /** Label of the button; empty if there is none. */
  readonly label: string
  /** The reader's relation to this plan, such as `Your plan until 5 March 2026`; null if nothing. */
  readonly mark: string | null
  readonly held: boolean
}

interface SituationFacts {
  readonly plan: Pick<PlanOnSaleFragment, 'slug' | 'name'>
  /** The interval that the card shows. */
  readonly interval: BillingInterval
  readonly reader: PlanReader
  /** All plans on sale. */
  readonly plans: readonly Pick<PlanOnSaleFragment, 'slug' | 'includes'>[]
}

/** Returns the action of a plan's button for this reader, and the plan's mark. Pure. The first matching line decides. */
export function planSituation({ plan, interval, reader, plans }: SituationFacts): PlanSituation {
  const choose = `Choose ${plan.name}`
  if (reader.kind === 'unknown') return { step: 'wait', label: choose, mark: null, held: false }
  if (reader.kind === 'anonymous') return { step: 'sign-in', label: choose, mark: null, held: false }
  if (reader.kind === 'disabled') return { step: 'none', label: '', mark: null, held: false }

  const { memberships, billing, purchaseStep } = reader.holdings
  const paid = paidMembership(memberships)
  const given = memberships.find((held) => held.source !== 'PAYMENT' && isRunning(held) && held.plan.slug === plan.slug)
  const givenMark = given ? givenWords(given) : null
  if (purchaseStep === 'BUY') return { step: 'buy', label: choose, mark: givenMark, held: given !== undefined }
  // The API could not tell, or the parts of its answer do not agree.
  if (!purchaseStep || !paid) return { step: 'wait', label: choose, mark: givenMark, held: given !== undefined }

  const isPaid = paid.plan.slug === plan.slug
  const held = isPaid || given !== undefined
  const here = (step: PlanStep, label: string, mark: string): PlanSituation => ({ step, label, mark, held: true })
  const elsewhere = (step: PlanStep, label: string): PlanSituation => ({
    step,
    label,
    mark: givenMark ?? (includes(plans, paid.plan.slug, plan.slug) ? `Included in ${paid.plan.name}` : null),
    held,
  })

  if (purchaseStep === 'PAY') {
    const label = 'Update payment'
    return isPaid ? here('fix-payment', label, 'Your plan: payment failed') : elsewhere('none', '')
  }
  if (purchaseStep === 'RESUME' || purchaseStep === 'WAIT') {
    const label = 'Go to your account'
    const mark = purchaseStep === 'RESUME' ? 'Your plan: on hold' : 'Your plan: ending now'
    return isPaid ? here('account', label, mark) : elsewhere('account', label)
  }

  const change = billing?.change
  if (change) {
    const [keep, day] = [keepLabel(paid, change), dayOf(change.at)]
    const isPresent = isPaid && billing.interval === interval
    const isNext = change.plan.slug === plan.slug && change.interval === interval
    if (isNext) return here('keep', keep, isPaid ? `Your plan: new billing from ${day}` : `Your plan from ${day}`)
    if (isPresent) return here('keep', keep, `Your plan until ${day}`)
  } else if (isPaid && paid.cancelAtPeriodEnd) {
    const end = paid.currentPeriodEnd ? `ends on ${dayOf(paid.currentPeriodEnd)}` : 'ends with this period'
    return here('keep', `Keep ${plan.name}`, `Your plan: ${end}`)
  }
  if (isPaid && (billing?.interval ?? interval) === interval) return here('account', 'Go to your account', 'Your plan')
  if (isPaid) return here('change', intervalWords(interval).pay, 'Your plan')
  return elsewhere('change', `Change to ${plan.name}`)
}

function givenWords({ source, currentPeriodEnd }: Held): string {
  const how = source === 'GIFT' ? 'Your gift' : 'Complimentary'
  return currentPeriodEnd ? `${how} until ${dayOf(currentPeriodEnd)}` : `${how}, with no end date`
}

const includes = (plans: SituationFacts['plans'], including: string, included: string): boolean =>
  plans.some(({ slug, includes: all }) => slug === including && all.some((plan) => plan.slug === included))
