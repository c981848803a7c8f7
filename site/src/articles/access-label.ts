import type { ArticleHeadFragment, Visibility } from '../api/operations.ts'

/** A reader's rights, as far as lists show them. */
export interface ReadingRights {
  readonly account: boolean
  /** Slugs of the plans of the reader's memberships that open articles now. */
  readonly plans: readonly string[]
  /** Whether a permission opens every article. */
  readonly staff: boolean
}

export const noRights: ReadingRights = { account: false, plans: [], staff: false }

/** An article in a list. */
export interface ListedArticle extends ArticleHeadFragment {
  /** Slugs of the plans on sale that open the article, if the build knows them. */
  readonly openedBy?: readonly string[]
}

/** What is known about one article for one reader. */
interface LabelFacts {
  readonly granted?: boolean | null
  readonly openedBy?: readonly string[] | undefined
}

const words: Readonly<Record<Visibility, string>> = {
  PUBLIC: 'Free to read',
  MEMBERS: 'Free with an account',
  PAID: 'For subscribers',
  PLANS: 'For subscribers',
}

const open = 'Open to you'

/**
 * Returns a label that says who may read an article.
 *
 * @param granted  whether the API granted it to this reader; null if it was not asked
 * @param openedBy the plans on sale that open it; undefined if they are not known
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
    // A plan that is no longer on sale may open it as well, and the build does not know it.
    if (visibility === 'PLANS') return plans.some((plan) => openedBy?.includes(plan)) ? open : 'With some plans'
  }
  return words[visibility] ?? 'For members'
}
