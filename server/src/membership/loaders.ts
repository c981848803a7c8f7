import DataLoader from 'dataloader'
import type { Queryable } from '../db/index.ts'
import { buildCatalogue, type Catalogue } from './catalogue.ts'
import { membershipsOf, requirementsByArticleIds, storedPlans } from './queries.ts'
import type { MembershipRow, Requirement } from './types.ts'

/** Of one request: each statement runs at most once for all that asks in the same breath. */
export interface MembershipLoaders {
  /** Null for an article that asks for nothing yet: it stays locked. */
  readonly requirement: DataLoader<string, Requirement | null>
  readonly memberships: DataLoader<string, MembershipRow[]>
  readonly catalogue: () => Promise<Catalogue>
}

export function createMembershipLoaders(db: Queryable, now: Date): MembershipLoaders {
  let catalogue: Promise<Catalogue> | undefined
  return {
    requirement: new DataLoader(async (articleIds) => {
      const rows = await requirementsByArticleIds(db, articleIds, now)
      const byArticle = new Map(rows.map((row) => [row.articleId, row]))
      return articleIds.map((id) => byArticle.get(id) ?? null)
    }),
    memberships: new DataLoader((memberIds) => Promise.all(memberIds.map((id) => membershipsOf(db, id)))),
    catalogue: () => (catalogue ??= storedPlans(db, now).then(buildCatalogue)),
  }
}
