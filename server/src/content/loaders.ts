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

/** The loaders of one request. They load all rows of a kind with one statement. */
export interface ContentLoaders {
  readonly headById: DataLoader<string, ArticleHead | null>
  readonly headBySlug: DataLoader<string, ArticleHead | null>
  readonly author: DataLoader<string, NamedRow | null>
  readonly series: DataLoader<string, NamedRow | null>
  readonly tagsOfArticle: DataLoader<string, NamedRow[]>
  /** Accepts only grants of this request's decisions. */
  readonly body: DataLoader<BodyGrant, ArticleText | null>
}

/** Creates the loaders. @param request identifies the request, to which its grants are bound */
export function createContentLoaders(db: Queryable, now: Date, request: object): ContentLoaders {
  return {
    headById: loadBy(
      (ids) => articleHeadsByIds(db, ids, now),
      ({ id }) => id,
    ),
    headBySlug: loadBy(
      (slugs) => articleHeadsBySlugs(db, slugs, now),
      ({ slug }) => slug,
    ),
    author: loadBy(
      (ids) => authorsByIds(db, ids),
      ({ id }) => id,
    ),
    series: loadBy(
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

/** Creates a loader of rows by a unique column. Loads null for a missing row. */
function loadBy<Row>(
  query: (keys: readonly string[]) => Promise<Row[]>,
  keyOf: (row: Row) => string,
): DataLoader<string, Row | null> {
  return new DataLoader(async (keys) => {
    const byKey = new Map((await query(keys)).map((row) => [keyOf(row), row]))
    return keys.map((key) => byKey.get(key) ?? null)
  })
}
