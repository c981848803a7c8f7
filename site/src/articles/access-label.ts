import type { ArticleHeadFragment, Visibility } from '../api/operations.ts'

/** What a reader may open, as far as lists say it. */
export interface ReadingRights {
  readonly account: boolean
  /** Slugs of the plans by which the reader holds a membership that opens something now. */
  readonly plans: readonly string[]
  /** Reads everything by permission. */
  readonly staff: boolean
}

export const noRights: ReadingRights = { account: false, plans: [], staff: false }

/** An article in a list. */
export interface ListedArticle extends ArticleHeadFragment {
  /** Slugs of the plans on sale that open it, where the build has said so. */
  readonly openedBy?: readonly string[]
}

/** What is known of one article for one reader. */
export interface LabelFacts {
  readonly granted?: boolean | null
  readonly openedBy?: readonly string[] | undefined
}

const words: Readonly<Record<Visibility, string>> = {
  PUBLIC: 'Free to read',
  MEMBERS: 'With an account',
  PAID: 'For members with a plan',
  PLANS: 'For members with a plan',
}

const open = 'Open to you'

/**
 * Says who may read an article, in the words of a list.
 *
 * @param granted  whether the API granted it to this reader; null: it was not asked
 * @param openedBy the plans on sale that open it; undefined: not known
 */
export function accessLabel(
  visibility: Visibility,
  { account, plans, staff }: ReadingRights,
  { granted = null, openedBy }: LabelFacts = {},
): string {
  if (visibility === 'PUBLIC') return words.PUBLIC
  if (granted ?? staff) return open
  if (granted === null && visibility === 'MEMBERS' && account) return open
  if (granted === null && plans.length > 0) {
    if (visibility === 'PAID') return open
    // A plan that is no longer on sale may open it too, and is not among those that are known.
    if (visibility === 'PLANS') return plans.some((plan) => openedBy?.includes(plan)) ? open : 'With some plans'
  }
  return words[visibility] ?? 'For members'
}
