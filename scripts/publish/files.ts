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

interface Batch {
  readonly articles: readonly PreparedArticle[]
  /** All problems in all files. If there is one, no file of the batch is published. */
  readonly problems: readonly Problem[]
  /** Deviations from the files, in the order of the files. They do not prevent publishing. */
  readonly warnings: readonly Problem[]
}

/**
 * Reads and renders every article in files and folders, recursively. It needs no database.
 *
 * @param defaults for files that do not set a value
 */
export async function readBatch(places: readonly string[], defaults: PublishingDefaults = noDefaults): Promise<Batch> {
  const problems: Problem[] = []
  const leftOut: Problem[] = []
  const files = new Set<string>()
  for (const place of places) {
    const { articles: found, others } = await filesIn(place)
    if (found.length === 0)
      problems.push({ path: place, line: 1, message: 'is neither a file nor a folder with .md files' })
    for (const file of found) files.add(file)
    leftOut.push(...others.map(notPublished))
  }
  // Links between files need the slugs of all files before any text is rendered.
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
    warnings: [...oncePerRun([...warnings, ...leftOut]), ...otherSpellings(articles)],
  }
}

const nameOf = (file: string): string => path.relative('.', file) || file

/** File extensions of Markdown in Jekyll and other generators. */
const isMarkdown = /\.(?:md|mdx|markdown|mdown|mkdown|mkdn|mkd)$/i
/** Hugo's `_index.md` is the text above a list, not an article. */
const isOfList = /^_index\./i
/** Other kinds of text that these generators render as pages. */
const isOtherText = /\.(?:html?|njk|liquid|org|adoc|asciidoc|rst|textile|pug|ipynb|mdoc|astro|txt)$/i

interface FilesFound {
  readonly articles: readonly string[]
  /** Text files that are not published. */
  readonly others: readonly string[]
}

const none: FilesFound = { articles: [], others: [] }

async function filesIn(place: string): Promise<FilesFound> {
  const found = await stat(place).catch(() => null)
  if (found?.isFile()) return { ...none, articles: [path.resolve(place)] }
  if (!found?.isDirectory()) return none
  const entries = await readdir(place, { withFileTypes: true })
  const seen = entries.filter(({ name }) => !name.startsWith('.') && name !== 'node_modules')
  const inside = await Promise.all(
    seen.sort(byName).map(async (entry): Promise<FilesFound> => {
      const inner = path.join(place, entry.name)
      // A symbolic link to a file is followed, one to a folder is not, because it could be cyclic.
      if (entry.isDirectory()) return filesIn(inner)
      const isText = isMarkdown.test(entry.name) || isOtherText.test(entry.name)
      if (!isText || !(await stat(inner)).isFile()) return none
      const isArticle = isMarkdown.test(entry.name) && !isOfList.test(entry.name)
      return isArticle ? { ...none, articles: [path.resolve(inner)] } : { ...none, others: [path.resolve(inner)] }
    }),
  )
  return { articles: inside.flatMap(({ articles }) => articles), others: inside.flatMap(({ others }) => others) }
}

function notPublished(file: string): Problem {
  const message = isMarkdown.test(file)
    ? 'is the text of a list page (_index), and is not published'
    : `is not Markdown, and is not published (${path.extname(file).toLowerCase()})`
  return { path: nameOf(file), line: 1, message, oncePerRun: true }
}

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1)

/** Returns a problem for each slug that two files share. */
function sharedSlugs(articles: readonly PreparedArticle[]): Problem[] {
  const first = new Map<string, PreparedArticle>()
  return articles.flatMap((article) => {
    const other = first.get(article.slug)
    if (!other) first.set(article.slug, article)
    return other
      ? [{ path: article.path, line: 1, message: `slug: ${article.slug} is also the slug of ${other.path}` }]
      : []
  })
}

/** Returns warnings about names with two spellings and the same slug. A stored spelling has precedence, then the first file's. */
function otherSpellings(articles: readonly PreparedArticle[]): Problem[] {
  const found: Problem[] = []
  for (const key of ['author', 'series', 'tags'] as const) {
    const first = new Map<string, { name: string; path: string }>()
    for (const article of articles) {
      for (const { slug, name, line } of [article[key] ?? []].flat()) {
        const other = first.get(slug)
        if (!other) first.set(slug, { name, path: article.path })
        else if (other.name !== name) {
          const message = `${key}: "${name}" is spelled "${other.name}" in ${other.path}; both have the slug ${slug}`
          found.push({ path: article.path, line, message })
        }
      }
    }
  }
  return found
}
