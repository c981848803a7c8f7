import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import {
  articleHead,
  noDefaults,
  prepareArticle,
  type PreparedArticle,
  type Problem,
  type PublishingDefaults,
} from '../../server/src/content/publishing/index.ts'
import { linksAmong } from './links.ts'
import { oncePerRun } from './warnings.ts'

export interface Batch {
  readonly articles: readonly PreparedArticle[]
  /** All that is wrong, in all files: with one of them nothing of the batch is published. */
  readonly problems: readonly Problem[]
  /** What is published otherwise than the files say, in the order of the files. Stops nothing. */
  readonly warnings: readonly Problem[]
}

/**
 * Reads and renders every article in the named files and folders (with the folders in them); needs no database.
 *
 * @param defaults what the publication says for files that do not
 */
export async function readBatch(places: readonly string[], defaults: PublishingDefaults = noDefaults): Promise<Batch> {
  const problems: Problem[] = []
  const files = new Set<string>()
  for (const place of places) {
    const found = await markdownFiles(place)
    if (found.length === 0)
      problems.push({ path: place, line: 1, message: 'is no file, and no folder with .md files in it' })
    for (const file of found) files.add(file)
  }
  // Links among the files need all names before any text is rendered.
  const heads = new Map<string, { slug: string; title: string }>()
  for (const file of files) {
    const head = articleHead(nameOf(file), await readFile(file), defaults)
    if (head) heads.set(file, head)
  }
  const linksOf = linksAmong(heads)
  const articles: PreparedArticle[] = []
  for (const file of files) {
    const prepared = prepareArticle(nameOf(file), await readFile(file), defaults, linksOf(file))
    if ('problems' in prepared) problems.push(...prepared.problems)
    else articles.push(prepared)
  }
  const warnings = articles.flatMap((article) => article.warnings)
  return {
    articles,
    problems: [...problems, ...sharedSlugs(articles)],
    warnings: [...oncePerRun(warnings), ...otherSpellings(articles)],
  }
}

const nameOf = (file: string): string => path.relative('.', file) || file

/** Not Hugo's `_index.md`: it is the text above a list. */
const articleName = /^(?!_index\.).*\.(md|mdx|markdown)$/i

async function markdownFiles(place: string): Promise<string[]> {
  const found = await stat(place).catch(() => null)
  if (found?.isFile()) return [path.resolve(place)]
  if (!found?.isDirectory()) return []
  const entries = await readdir(place, { withFileTypes: true })
  const seen = entries.filter(({ name }) => !name.startsWith('.') && name !== 'node_modules')
  const inside = await Promise.all(
    seen.sort(byName).map(async (entry) => {
      const inner = path.join(place, entry.name)
      // A link to a file is followed, one to a folder is not: it may lead in a circle.
      if (entry.isDirectory()) return markdownFiles(inner)
      const isArticle = articleName.test(entry.name) && (await stat(inner)).isFile()
      return isArticle ? [path.resolve(inner)] : []
    }),
  )
  return inside.flat()
}

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1)

/** Of two files with one slug the later one would win, without a word. */
function sharedSlugs(articles: readonly PreparedArticle[]): Problem[] {
  const first = new Map<string, PreparedArticle>()
  return articles.flatMap((article) => {
    const other = first.get(article.slug)
    if (!other) first.set(article.slug, article)
    return other ? [{ path: article.path, line: 1, message: `slug: ${other.path} has ${article.slug} too` }] : []
  })
}

/** Two spellings of a name have one address, and one of the spellings counts: that of the first file, unless one is stored. */
function otherSpellings(articles: readonly PreparedArticle[]): Problem[] {
  const found: Problem[] = []
  for (const key of ['author', 'series', 'tags'] as const) {
    const first = new Map<string, { name: string; path: string }>()
    for (const article of articles) {
      for (const { slug, name, line } of [article[key] ?? []].flat()) {
        const other = first.get(slug)
        if (!other) first.set(slug, { name, path: article.path })
        else if (other.name !== name) {
          const message = `${key}: "${name}" is spelt "${other.name}" in ${other.path}; both are one, ${slug}`
          found.push({ path: article.path, line, message })
        }
      }
    }
  }
  return found
}
