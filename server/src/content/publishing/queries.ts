import { planNames } from '../../catalogue/index.ts'
import type { Queryable, Transaction } from '../../db/index.ts'
import { lastRequirements } from '../../membership/index.ts'
import type { Problem } from './problems.ts'
import type { PreparedArticle } from './prepare.ts'
import { textsForPublisher } from '../paid-text/publisher-texts.ts'
import { rowOf, type NamedTable } from './stored-names.ts'
import { visibilityAsWritten } from './front-matter/visibility.ts'

/** The state of a stored article that a publication replaces. */
export interface StoredArticle {
  readonly id: string
  readonly sourceHash: string
  readonly publishedAt: Date | null
}

/** Returns a stored article, or null, and locks it until the end of the transaction. */
export async function lockArticle(tx: Transaction, slug: string): Promise<StoredArticle | null> {
  const rows = await tx.$queryRaw<StoredArticle[]>`
    SELECT "id", "source_hash" AS "sourceHash", "published_at" AS "publishedAt"
    FROM "article" WHERE "slug" = ${slug} FOR UPDATE`
  return rows[0] ?? null
}

/** Returns the ids of the plans that an article names, and a problem for each unknown plan. */
export async function plansNamedBy(
  db: Queryable,
  article: PreparedArticle,
): Promise<{ readonly ids: readonly string[]; readonly problems: readonly Problem[] }> {
  const { planSlugs } = article.requirement
  if (planSlugs.length === 0) return { ids: [], problems: [] }
  const plans = await planNames(db)
  const ids = plans.filter(({ slug }) => planSlugs.includes(slug)).map(({ id }) => id)
  return { ids, problems: problemsWithPlans(article, plans) }
}

/** Returns a problem for each unknown plan that the articles name. */
export async function findUnknownPlans(db: Queryable, articles: readonly PreparedArticle[]): Promise<Problem[]> {
  const plans = await planNames(db)
  return articles.flatMap((article) => problemsWithPlans(article, plans))
}

function problemsWithPlans(article: PreparedArticle, plans: readonly { slug: string }[]): Problem[] {
  const known = plans.map(({ slug }) => slug)
  const choice = known.length === 0 ? 'there are no plans yet' : `the plans are ${known.join(', ')}`
  return article.requirement.planSlugs
    .filter((slug) => !known.includes(slug))
    .map((slug) => ({
      path: article.path,
      line: article.visibilityLine,
      message: `visibility: there is no plan ${slug}; ${choice}`,
    }))
}

/** A name whose spelling in a file differs from the stored one. */
export interface OtherSpelling extends Problem {
  /** The number of other articles with the stored spelling. */
  readonly others: number
}

/** Finds names in the files whose stored spelling differs and is used by other articles. */
export async function findOtherSpellings(
  db: Queryable,
  articles: readonly PreparedArticle[],
): Promise<OtherSpelling[]> {
  const found: OtherSpelling[] = []
  for (const [field, table] of [
    ['author', 'author'],
    ['series', 'series'],
    ['tags', 'tag'],
  ] as const) {
    const named = articles.flatMap(({ path, slug, ...article }) =>
      [article[field] ?? []].flat().map((name) => ({ path, articleSlug: slug, name })),
    )
    const rows = await (db[table] as Queryable['tag']).findMany({
      where: { slug: { in: [...new Set(named.map(({ name }) => name.slug))] } },
      select: { id: true, slug: true, name: true },
    })
    for (const { path, articleSlug, name } of named) {
      const row = rowOf(name, rows)
      if (row === null || row.name === name.name) continue
      const others = await countOthers(db, table, row.id, articleSlug)
      const message = `${field}: "${name.name}" is stored as "${row.name}"`
      if (others > 0) found.push({ path, line: name.line, message, others })
    }
  }
  return found
}

/** Returns the number of other articles with an author, a tag or a series. */
export async function countOthers(db: Queryable, table: NamedTable, id: string, articleSlug: string): Promise<number> {
  const other = { slug: { not: articleSlug } }
  if (table === 'tag') return db.articleTag.count({ where: { tagId: id, article: other } })
  return db.article.count({ where: { ...(table === 'author' ? { authorId: id } : { seriesId: id }), ...other } })
}

/** A stored article, for the comparison with a file. */
export interface StoredForComparison {
  readonly sourceHash: string
  readonly title: string
  readonly author: string
  readonly series: string | null
  readonly tags: readonly string[]
  readonly visibility: string
  readonly publishedAt: Date | null
  readonly excerpt: string
  readonly previewHtml: string
  readonly lang: string | null
  readonly cover: string | null
  readonly extra: unknown
  /** The text below the preview. */
  readonly restHtml: string
}

/** Returns stored articles by slug, including drafts, for the publisher's commands. */
export async function articlesForComparison(
  db: Queryable,
  slugs: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, StoredForComparison>> {
  const rows = await db.article.findMany({
    where: { slug: { in: [...slugs] } },
    select: {
      id: true,
      slug: true,
      sourceHash: true,
      title: true,
      excerpt: true,
      previewHtml: true,
      publishedAt: true,
      lang: true,
      cover: true,
      extra: true,
      author: { select: { name: true } },
      series: { select: { name: true } },
      tags: { select: { tag: { select: { name: true } } }, orderBy: { position: 'asc' } },
    },
  })
  const ids = rows.map(({ id }) => id)
  const [texts, requirements, plans] = await Promise.all([
    textsForPublisher(db, ids, now),
    lastRequirements(db, ids),
    planNames(db),
  ])
  const visibilityOf = (id: string): string => {
    const requirement = requirements.find(({ articleId }) => articleId === id)
    const slugs = plans.filter((plan) => requirement?.planIds.includes(plan.id)).map(({ slug }) => slug)
    return visibilityAsWritten(requirement?.visibility, slugs)
  }
  return new Map(
    rows.map(({ id, slug, author, series, tags, ...head }) => [
      slug,
      {
        ...head,
        author: author.name,
        series: series?.name ?? null,
        tags: tags.map(({ tag }) => tag.name),
        visibility: visibilityOf(id),
        restHtml: texts.get(id) ?? '',
      },
    ]),
  )
}
