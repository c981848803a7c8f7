import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import {
  formatProblem,
  prepareArticle,
  publishArticle,
  readSource,
  type PreparedArticle,
} from '../../server/src/content/publishing/index.ts'
import type { Database } from '../../server/src/db/index.ts'

export interface ArticlesSummary {
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  /** Slugs of demo articles that the publisher has replaced. They are not changed. */
  readonly kept: readonly string[]
}

/**
 * Publishes the demo's articles. Articles stored from an unchanged file are skipped without rendering. Articles that the publisher has
 * replaced are not changed, so that a start does not open an article that the publisher has locked.
 *
 * @throws Error that lists all problems of the files
 */
export async function seedArticles(db: Database, contentFolder: string, now: Date): Promise<ArticlesSummary> {
  const files = await changedFiles(db, contentFolder)
  const articles = files.changed.map(({ name, bytes }) => prepared(name, bytes))
  const theirs = await publishedByOthers(db, articles)
  const outcomes = { created: 0, updated: 0, unchanged: files.unchanged }
  for (const article of articles) {
    if (theirs.has(article.slug)) continue
    const { outcome } = await publishArticle(db, { ...article, extra: { ...article.extra, ...demoMark } }, now)
    outcomes[outcome] += 1
  }
  return { ...outcomes, kept: [...theirs] }
}

/** Returns the value that marks a stored article as one of the demo. */
const demoMark = { demo: true }

interface File {
  readonly name: string
  readonly bytes: Buffer
}

async function changedFiles(db: Database, folder: string): Promise<{ changed: File[]; unchanged: number }> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.md')).sort()
  const files = await Promise.all(names.map(async (name) => ({ name, bytes: await readFile(path.join(folder, name)) })))
  const stored = await db.article.findMany({ select: { sourceHash: true } })
  const hashes = new Set(stored.map(({ sourceHash }) => sourceHash))
  const changed = files.filter(({ bytes }) => {
    const source = readSource(bytes)
    return Array.isArray(source) || !hashes.has(source.hash)
  })
  return { changed, unchanged: files.length - changed.length }
}

function prepared(name: string, bytes: Buffer): PreparedArticle {
  const article = prepareArticle(name, bytes)
  if ('problems' in article) throw new Error(article.problems.map(formatProblem).join('\n'))
  return article
}

async function publishedByOthers(db: Database, articles: readonly PreparedArticle[]): Promise<ReadonlySet<string>> {
  if (articles.length === 0) return new Set()
  const stored = await db.article.findMany({
    where: { slug: { in: articles.map(({ slug }) => slug) } },
    select: { slug: true, extra: true },
  })
  return new Set(stored.filter(({ extra }) => !isDemo(extra)).map(({ slug }) => slug))
}

const isDemo = (extra: unknown): boolean => typeof extra === 'object' && extra !== null && 'demo' in extra
