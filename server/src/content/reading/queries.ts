import type { Queryable } from '../../db/index.ts'
import type { Position } from '../../lib/pagination.ts'
import type { ArticleDates } from '../../membership/index.ts'
import type { ArticleHead, NamedRow } from '../types.ts'

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

/** Selects articles that are published at an instant. Drafts have no time, and scheduled articles have a later one. */
const publishedBy = (now: Date) => ({ publishedAt: { lte: now } })

type HeadRow = Omit<ArticleHead, 'publishedAt'> & { publishedAt: Date | null }

const asHead = (row: HeadRow): ArticleHead => {
  if (row.publishedAt === null) throw new Error('a query for published articles returned a draft')
  return { ...row, publishedAt: row.publishedAt }
}

/** Returns the heads of published articles. Omits unpublished and unknown ones. */
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

/** Returns the heads of published articles after a position, the latest first, then by id. */
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

/** Returns the tags of articles in the order of their files. */
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

/** Returns the dates of an article, published or not, or null for an unknown slug. */
export async function articleDates(db: Queryable, slug: string): Promise<ArticleDates | null> {
  return db.article.findUnique({ where: { slug }, select: { id: true, createdAt: true, publishedAt: true } })
}

interface BookmarkRow {
  readonly articleId: string
  readonly createdAt: Date
}

/** Returns a member's bookmarks of published articles, the latest first, after a position. Joins the table of `members`. */
export async function bookmarksOf(
  db: Queryable,
  memberId: string,
  { take, after, now }: { take: number; after: Position | null; now: Date },
): Promise<BookmarkRow[]> {
  return db.bookmark.findMany({
    where: {
      memberId,
      article: { publishedAt: { lte: now } },
      ...(after && {
        OR: [{ createdAt: { lt: after.at } }, { createdAt: after.at, articleId: { lt: after.id } }],
      }),
    },
    select: { articleId: true, createdAt: true },
    orderBy: [{ createdAt: 'desc' }, { articleId: 'desc' }],
    take,
  })
}
