import type { Queryable } from '../db/index.ts'
import { clockToleranceMilliseconds } from '../lib/clock.ts'
import type { Position } from '../lib/pagination.ts'
import { BodyGrant } from '../membership/index.ts'
import type { ArticleHead, ArticleText, NamedRow } from './types.ts'

const headColumns = {
  id: true,
  slug: true,
  title: true,
  excerpt: true,
  previewHtml: true,
  readingMinutes: true,
  publishedAt: true,
  lang: true,
  authorId: true,
  seriesId: true,
  sourceHash: true,
} as const

/** A draft has no time, a scheduled piece one that has not come. */
const publishedBy = (now: Date) => ({ publishedAt: { lte: now } })

type HeadRow = Omit<ArticleHead, 'publishedAt'> & { publishedAt: Date | null }

const asHead = (row: HeadRow): ArticleHead => {
  if (row.publishedAt === null) throw new Error('a query for published articles returned a draft')
  return { ...row, publishedAt: row.publishedAt }
}

/** Heads of published articles; what does not exist and what is not published is missing, alike. */
export async function articleHeadsByIds(db: Queryable, ids: readonly string[], now: Date): Promise<ArticleHead[]> {
  const rows = await db.article.findMany({ where: { id: { in: [...ids] }, ...publishedBy(now) }, select: headColumns })
  return rows.map(asHead)
}

export async function articleHeadsBySlugs(db: Queryable, slugs: readonly string[], now: Date): Promise<ArticleHead[]> {
  const rows = await db.article.findMany({
    where: { slug: { in: [...slugs] }, ...publishedBy(now) },
    select: headColumns,
  })
  return rows.map(asHead)
}

export interface ArticleFilter {
  readonly tag: string | null
  readonly author: string | null
  readonly series: string | null
}

/** Published articles, newest first, then by id, from after a position on. One statement. */
export async function listArticleHeads(
  db: Queryable,
  { tag, author, series }: ArticleFilter,
  { take, after, now }: { take: number; after: Position | null; now: Date },
): Promise<ArticleHead[]> {
  const rows = await db.article.findMany({
    where: {
      ...publishedBy(now),
      ...(tag !== null && { tags: { some: { tag: { slug: tag } } } }),
      ...(author !== null && { author: { slug: author } }),
      ...(series !== null && { series: { slug: series } }),
      ...(after && {
        OR: [{ publishedAt: { lt: after.at } }, { publishedAt: after.at, id: { lt: after.id } }],
      }),
    },
    select: headColumns,
    orderBy: [{ publishedAt: 'desc' }, { id: 'desc' }],
    take,
  })
  return rows.map(asHead)
}

const named = { id: true, slug: true, name: true } as const

export async function authorsByIds(db: Queryable, ids: readonly string[]): Promise<NamedRow[]> {
  return db.author.findMany({ where: { id: { in: [...ids] } }, select: named })
}

export async function seriesByIds(db: Queryable, ids: readonly string[]): Promise<NamedRow[]> {
  return db.series.findMany({ where: { id: { in: [...ids] } }, select: named })
}

/** In the author's order, each with its article. */
export async function tagsByArticleIds(
  db: Queryable,
  articleIds: readonly string[],
): Promise<(NamedRow & { articleId: string })[]> {
  return db.$queryRaw`
    SELECT article_tag.article_id AS "articleId", tag.id, tag.slug, tag.name
    FROM article_tag JOIN tag ON tag.id = article_tag.tag_id
    WHERE article_tag.article_id = ANY(${[...articleIds]}::uuid[])
    ORDER BY article_tag.article_id, article_tag.position`
}

/**
 * The one door to paid text. It takes only grants that a decision made for this very request; whoever comes with anything
 * else is refused before any SQL, whatever rule or resolver let them come this far. A text whose requirement was replaced
 * since the decision stays shut, in the same statement: else what was published as public could show the paid text that
 * took its place. So does one that was unpublished, but for the publisher.
 *
 * @param now the request's instant; a requirement that counts from soon after it on counts here already
 * @throws TypeError for what is not such a grant
 */
export async function readGrantedBodies(
  db: Queryable,
  grants: readonly BodyGrant[],
  request: object,
  now: Date,
  { unpublishedToo = false } = {},
): Promise<(ArticleText & { articleId: string })[]> {
  const articleIds = grants.map((grant) => BodyGrant.articleOpenedBy(grant, request))
  const requirementIds = grants.map((grant) => BodyGrant.requirementJudged(grant))
  const soon = new Date(now.getTime() + clockToleranceMilliseconds)
  return db.$queryRaw`
    SELECT body.article_id AS "articleId", body.html, body.rest, article.source_hash AS "sourceHash"
    FROM article_body body
    JOIN article ON article.id = body.article_id AND (article.published_at <= ${now} OR ${unpublishedToo})
    JOIN unnest(${articleIds}::uuid[], ${requirementIds}::uuid[]) AS granted (article_id, requirement_id)
      ON granted.article_id = body.article_id
    WHERE granted.requirement_id = (
      SELECT latest.id FROM article_requirement latest
      WHERE latest.article_id = granted.article_id AND latest.valid_from <= ${soon}
      ORDER BY latest.valid_from DESC LIMIT 1
    )`
}
