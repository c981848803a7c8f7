import DataLoader from 'dataloader'
import type { Queryable } from '../db/index.ts'
import { membershipsOf } from './queries.ts'
import { requirementsByArticleIds } from './requirement/queries.ts'
import type { MembershipRow, Requirement } from './types.ts'

/** The loaders of one request. */
export interface MembershipLoaders {
  /** Null for an article without a requirement, which is locked. */
  readonly requirement: DataLoader<string, Requirement | null>
  readonly memberships: DataLoader<string, MembershipRow[]>
}

export function createMembershipLoaders(db: Queryable, now: Date): MembershipLoaders {
  return {
    requirement: new DataLoader(async (articleIds) => {
      const rows = await requirementsByArticleIds(db, articleIds, now)
      const byArticle = new Map(rows.map((row) => [row.articleId, row]))
      return articleIds.map((id) => byArticle.get(id) ?? null)
    }),
    memberships: new DataLoader((memberIds) => Promise.all(memberIds.map((id) => membershipsOf(db, id)))),
  }
}
