import type { ApiClient } from '../api/hooks.ts'
import { ViewerDocument, type ViewerHoldingsFragment } from '../api/operations.ts'

export interface Seen {
  /** Before a question whose answer will be what is shown. */
  readonly begin: () => void
  /** Whether it differs from what was known before; from then on it is what is known. */
  readonly isNews: (holdings: ViewerHoldingsFragment | null) => boolean
}

/** What this page last knew of the reader's holdings: what it was told, or what its own first question was answered. */
export function createSeen(client: ApiClient): Seen {
  let last: string | null = null
  const begin = () => {
    const shown = client.readQuery({ query: ViewerDocument })?.viewer
    if (last === null && shown) last = fingerprintOf(shown)
  }
  const isNews = (holdings: ViewerHoldingsFragment | null) => {
    begin()
    const before = last
    last = fingerprintOf(holdings)
    return before !== null && before !== last
  }
  return { begin, isNews }
}

/**
 * Serialises the viewer's holdings, so that equal holdings of different operations are equal strings.
 *
 * @param holdings null for an anonymous reader or a disabled account
 */
export function fingerprintOf(holdings: ViewerHoldingsFragment | null): string {
  if (!holdings) return 'nobody'
  const { trialAvailable, memberships, billing, gifts } = holdings
  return JSON.stringify([
    trialAvailable,
    memberships.map((held) => [
      held.plan.slug,
      held.status,
      held.source,
      held.startedAt,
      held.currentPeriodEnd,
      held.cancelAtPeriodEnd,
      held.opensUntil,
      held.endedAt,
    ]),
    billing && [
      billing.interval,
      billing.price?.amountMinor,
      billing.change && [billing.change.plan.slug, billing.change.interval, billing.change.at],
    ],
    gifts?.map(({ id, redeemedAt, voided }) => [id, redeemedAt, voided]),
  ])
}
