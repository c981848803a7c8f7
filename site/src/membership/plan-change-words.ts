import type {
  ComingChangeFragment,
  HeldMembershipFragment,
  MoneyFragment,
  ProposedChangeFragment,
} from '../api/operations.ts'
import { dayOf } from '../ui/format/dates.ts'
import { priceOf } from '../ui/format/money.ts'
import { intervalWords, pricePer } from './interval-words.ts'

interface ChangeFacts {
  /** The plan that the reader holds now. */
  readonly from: { readonly slug: string; readonly name: string }
  readonly change: ProposedChangeFragment
  /** The price of the new plan; null if it is not known. */
  readonly price: MoneyFragment | null
}

/** Returns the effects of a plan change: a line about the plan, and a line about the payment. */
export function planChangeWords({ from, change, price }: ChangeFacts): readonly string[] {
  const { plan, interval, direction, at, trialEndsAt, dueNow } = change
  const isSame = plan.slug === from.slug
  const then = price ? `Then ${pricePer(price, interval)}.` : ''
  if (direction === 'DOWN') {
    const what = isSame ? `Then you pay ${intervalWords(interval).adverb}` : `Then you have ${plan.name}`
    return [
      `Nothing changes until ${dayOf(at)}.`,
      price ? `${what}: ${pricePer(price, interval)}. Nothing is due now.` : `${what}. Nothing is due now.`,
    ]
  }
  const what = isSame ? `From today you pay ${intervalWords(interval).adverb}.` : `${plan.name} starts right away.`
  if (trialEndsAt === null) return [what, `${due(dueNow, 'the difference for the rest of the period')} ${then}`.trim()]
  if (new Date(trialEndsAt) > new Date(at))
    return [what, `Your free trial ends on ${dayOf(trialEndsAt)}. ${then}`.trim()]
  const first = `for the first ${intervalWords(interval).unit}`
  return [what, `Your free trial ends with the change. ${due(dueNow, first)} ${then}`.trim()]
}

/** Returns a scheduled change in one line. @param from the plan that the reader holds now */
export function comingChangeLine(from: ChangeFacts['from'], change: ComingChangeFragment): string {
  const { plan, interval, at } = change
  return plan.slug === from.slug
    ? `Billed ${intervalWords(interval).adverb} from ${dayOf(at)}.`
    : `Changes to ${plan.name}, billed ${intervalWords(interval).adverb}, on ${dayOf(at)}.`
}

function due(dueNow: MoneyFragment | null, what: string): string {
  if (!dueNow) return `We can’t show the amount due right now. It is ${what}.`
  if (dueNow.amountMinor <= 0) return 'Nothing is due now.'
  return `Due now: ${priceOf(dueNow)}, ${what}.`
}

/** Returns the label of the button that cancels a scheduled change. */
export function keepLabel(
  { plan: from }: Pick<HeldMembershipFragment, 'plan'>,
  { plan, interval }: Pick<ComingChangeFragment, 'plan' | 'interval'>,
): string {
  if (plan.slug !== from.slug) return `Keep ${from.name}`
  return interval === 'YEARLY' ? 'Keep monthly billing' : 'Keep yearly billing'
}
