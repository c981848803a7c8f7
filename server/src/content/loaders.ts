import DataLoader from 'dataloader'
import type { Queryable } from '../db/index.ts'
import { BodyGrant } from '../membership/index.ts'
import { readGrantedBodies } from './paid-text/queries.ts'
import {
  articleHeadsByIds,
  articleHeadsBySlugs,
  authorsByIds,
  seriesByIds,
  tagsByArticleIds,
} from './reading/queries.ts'
import type { ArticleHead, ArticleText, NamedRow } from './types.ts'

/** Of one request: what a list of any length asks for is one statement for each kind. */
export interface ContentLoaders {
  readonly headById: DataLoader<string, ArticleHead | null>
  readonly headBySlug: DataLoader<string, ArticleHead | null>
  readonly author: DataLoader<string, NamedRow | null>
  readonly series: DataLoader<string, NamedRow | null>
  readonly tagsOfArticle: DataLoader<string, NamedRow[]>
  /** Takes the grant of a decision of this request, and nothing else. */
  readonly body: DataLoader<BodyGrant, ArticleText | null>
}

/** @param request what this request's grants are tied to */
export function createContentLoaders(db: Queryable, now: Date, request: object): ContentLoaders {
  return {
    headById: oneEach(
      (ids) => articleHeadsByIds(db, ids, now),
      ({ id }) => id,
    ),
    headBySlug: oneEach(
      (slugs) => articleHeadsBySlugs(db, slugs, now),
      ({ slug }) => slug,
    ),
    author: oneEach(
      (ids) => authorsByIds(db, ids),
      ({ id }) => id,
    ),
    series: oneEach(
      (ids) => seriesByIds(db, ids),
      ({ id }) => id,
    ),
    tagsOfArticle: new DataLoader(async (articleIds) => {
      const rows = await tagsByArticleIds(db, articleIds)
      return articleIds.map((id) => rows.filter(({ articleId }) => articleId === id))
    }),
    body: new DataLoader(async (grants) => {
      const rows = await readGrantedBodies(db, grants, request, now)
      const byArticle = new Map(rows.map((row) => [row.articleId, row]))
      return grants.map((grant) => byArticle.get(BodyGrant.articleOpenedBy(grant, request)) ?? null)
    }),
  }
}

/** Rows by one of their columns; null where there is none. */
function oneEach<Row>(
  query: (keys: readonly string[]) => Promise<Row[]>,
  keyOf: (row: Row) => string,
): DataLoader<string, Row | null> {
  return new DataLoader(async (keys) => {
    const byKey = new Map((await query(keys)).map((row) => [keyOf(row), row]))
    return keys.map((key) => byKey.get(key) ?? null)
  })
}
