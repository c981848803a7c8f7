import type { ApiClient } from '../api/hooks.ts'
import { ViewerDocument, type ViewerHoldingsFragment } from '../api/operations.ts'

interface KnownHoldings {
  /** Reads the holdings that the page shows, before a query replaces them in the cache. */
  readonly begin: () => void
  /** Returns whether holdings differ from the known ones, and remembers them. */
  readonly isNews: (holdings: ViewerHoldingsFragment | null) => boolean
}

/** Stores the last holdings that the page received, or else those of its own first query. */
export function rememberHoldings(client: ApiClient): KnownHoldings {
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
  const { trialAvailable, purchaseStep, memberships, billing, gifts } = holdings
  return JSON.stringify([
    trialAvailable,
    purchaseStep,
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
