import type { Visibility } from '../graphql/operations.ts'

/** What a reader may open, as far as lists say it. */
export interface ReadingRights {
  readonly account: boolean
  /** A membership opens something now. */
  readonly plan: boolean
  /** Reads everything by permission. */
  readonly staff: boolean
}

export const noRights: ReadingRights = { account: false, plan: false, staff: false }

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
 * @param granted whether the API granted it to this reader; null: it was not asked
 */
export function accessLabel(
  visibility: Visibility,
  { account, plan, staff }: ReadingRights,
  granted: boolean | null = null,
): string {
  if (visibility === 'PUBLIC') return words.PUBLIC
  if (granted ?? staff) return open
  if (granted === null && visibility === 'MEMBERS' && account) return open
  if (granted === null && visibility === 'PAID' && plan) return open
  // A list does not know which plans open it.
  if (granted === null && visibility === 'PLANS' && plan) return 'With some plans'
  return words[visibility] ?? 'For members'
}
