import { v7 as uuidv7 } from 'uuid'
import type { Database, Transaction } from '../../db/index.ts'
import { badInput, CodedError } from '../../lib/errors.ts'
import { lastRequirements, writeRequirement } from '../../membership/index.ts'
import { writeNamed } from './write-names.ts'
import type { PreparedArticle } from './prepare.ts'
import { formatProblem } from './problems.ts'
import { lockArticle, plansNamedBy, type StoredArticle } from './queries.ts'

interface PublishResult {
  readonly outcome: 'created' | 'updated' | 'unchanged'
  /**
   * The content that the built site still shows to everyone until its next build, although the API no longer returns it: the text of
   * an article that was public, or the teaser of an article that was withdrawn. Null if there is none.
   */
  readonly builtSiteKeeps: 'text' | 'teaser' | null
}

interface PublishOptions {
  /** The `sourceHash` that the publisher confirmed, or null for a new article. Not checked by default. */
  readonly seenHash?: string | null | undefined
  /** Whether the spelling of authors, series and tags in this file replaces the stored one in all articles. Default: false. */
  readonly rename?: boolean
}

/**
 * Publishes an article under its slug: creates it or replaces the stored one. Idempotent. Writes a requirement only if it differs
 * from the last one. The new requirement is valid from `now`.
 *
 * @param now business time
 * @throws BAD_USER_INPUT, with file and line, for a plan that does not exist
 * @throws CONFLICT if the stored article is not the one that the publisher confirmed, or if a later requirement exists
 */
export async function publishArticle(
  db: Database,
  article: PreparedArticle,
  now: Date,
  { seenHash, rename = false }: PublishOptions = {},
): Promise<PublishResult> {
  const publication = db.$transaction(async (tx) => {
    const { ids: planIds, problems } = await plansNamedBy(tx, article)
    if (problems.length > 0) throw badInput(problems.map(formatProblem).join('\n'))
    const stored = await lockArticle(tx, article.slug)
    if (seenHash !== undefined && (stored?.sourceHash ?? null) !== seenHash) throw changedMeanwhile(article.slug)
    if (stored) return updateArticle(tx, stored, article, { planIds, now, rename })
    if (await createArticle(tx, article, { planIds, now, rename }))
      return { outcome: 'created', builtSiteKeeps: null } as const
    // A concurrent publication has created the article since `lockArticle`.
    const created = await lockArticle(tx, article.slug)
    if (!created || seenHash === null) throw changedMeanwhile(article.slug)
    return updateArticle(tx, created, article, { planIds, now, rename })
  })
  return publication.catch((error: unknown) => {
    throw isWriteConflict(error) ? changedMeanwhile(article.slug, error) : error
  })
}

interface WriteOptions {
  readonly planIds: readonly string[]
  readonly now: Date
  readonly rename: boolean
}

/** Creates an article. @returns false if a concurrent publication has created it */
async function createArticle(
  tx: Transaction,
  article: PreparedArticle,
  { planIds, now, rename }: WriteOptions,
): Promise<boolean> {
  const id = uuidv7()
  const data = [{ id, slug: article.slug, createdAt: now, ...(await headColumns(tx, article, now, rename)) }]
  const { count } = await tx.article.createMany({ data, skipDuplicates: true })
  if (count === 0) return false
  await tx.articleBody.create({ data: { articleId: id, ...bodyColumns(article) }, select: { articleId: true } })
  await writeTags(tx, id, article, rename)
  await writeRequirement(tx, id, { visibility: article.requirement.visibility, planIds }, null, {
    now,
    publishedAt: article.publishedAt,
  })
  return true
}

async function updateArticle(
  tx: Transaction,
  stored: StoredArticle,
  article: PreparedArticle,
  { planIds, now, rename }: WriteOptions,
): Promise<PublishResult> {
  const { id: articleId } = stored
  const { visibility } = article.requirement
  const [last = null] = await lastRequirements(tx, [articleId])
  const sameRequirement = last?.visibility === visibility && sameIds(last.planIds, planIds)
  const sameSource = stored.sourceHash === article.sourceHash
  if (sameSource && sameRequirement) return { outcome: 'unchanged', builtSiteKeeps: null }
  if (!sameSource) {
    const head = await headColumns(tx, article, now, rename)
    await tx.article.update({ where: { id: articleId }, data: head, select: { id: true } })
    await tx.articleBody.update({ where: { articleId }, data: bodyColumns(article), select: { articleId: true } })
    await tx.articleTag.deleteMany({ where: { articleId } })
    await writeTags(tx, articleId, article, rename)
  }
  if (!sameRequirement)
    await writeRequirement(tx, articleId, { visibility, planIds }, last, { now, publishedAt: article.publishedAt })
  return { outcome: 'updated', builtSiteKeeps: keptByBuiltSite(stored, last?.visibility, article, now) }
}

function keptByBuiltSite(
  { publishedAt }: StoredArticle,
  visibility: PreparedArticle['requirement']['visibility'] | undefined,
  article: PreparedArticle,
  now: Date,
): PublishResult['builtSiteKeeps'] {
  if (publishedAt === null || publishedAt > now) return null
  const withdrawn = article.publishedAt === null || article.publishedAt > now
  if (visibility === 'PUBLIC' && (withdrawn || article.requirement.visibility !== 'PUBLIC')) return 'text'
  return withdrawn ? 'teaser' : null
}

async function headColumns(tx: Transaction, article: PreparedArticle, now: Date, rename: boolean) {
  const options = { articleSlug: article.slug, rename }
  const [authorId = ''] = await writeNamed(tx, 'author', [article.author], options)
  const [seriesId = null] = await writeNamed(tx, 'series', article.series ? [article.series] : [], options)
  const { title, excerpt, previewHtml, readingMinutes, publishedAt, sourceHash, lang, cover, extra } = article
  return {
    title,
    excerpt,
    previewHtml,
    readingMinutes,
    publishedAt,
    sourceHash,
    lang,
    cover: cover?.source ?? null,
    coverAlt: cover?.alt ?? null,
    extra,
    authorId,
    seriesId,
    updatedAt: now,
  }
}

const bodyColumns = ({ wholeHtml, restHtml }: PreparedArticle) => ({ html: wholeHtml, rest: restHtml })

async function writeTags(tx: Transaction, articleId: string, article: PreparedArticle, rename: boolean): Promise<void> {
  const written = await writeNamed(tx, 'tag', article.tags, { articleSlug: article.slug, rename })
  // Two spellings in one file may have the same row.
  const tagIds = [...new Set(written)]
  await tx.articleTag.createMany({ data: tagIds.map((tagId, position) => ({ articleId, tagId, position })) })
}

const sameIds = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((id) => b.includes(id))

/** Returns whether PostgreSQL ended the transaction because of a deadlock or a write conflict. */
const isWriteConflict = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'P2034'

const changedMeanwhile = (slug: string, cause?: unknown): CodedError =>
  new CodedError(
    'CONFLICT',
    `The article "${slug}" was changed by somebody else at the same time. Check the changes and try again.`,
    { cause },
  )
