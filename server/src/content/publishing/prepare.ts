import { createHash } from 'node:crypto'
import type { LinkTo } from './markdown/links.ts'
import { noDefaults, splitSource, type FrontMatter, type PublishingDefaults } from './front-matter/front-matter.ts'
import type { Problem, ProblemAt } from './problems.ts'
import { markdownProblems, renderArticle, type Rendered } from './render.ts'
import { namedByFile } from './slug.ts'
import { readSource } from './source.ts'
import { excessiveWork } from './work-limit.ts'

/** A parsed, checked and rendered article. Only the ids of its plans are missing. */
export interface PreparedArticle extends Omit<FrontMatter, 'excerpt'>, Omit<Rendered, 'warnings'> {
  /** The path in problems. */
  readonly path: string
  readonly sourceHash: string
  /** Warnings for the writer. They do not stop the publication. */
  readonly warnings: readonly Problem[]
}

export interface Refused {
  readonly problems: readonly Problem[]
}

/**
 * Parses and renders an article's file for publication. Needs no database.
 *
 * @param path     the path for problems. The name of the file may provide the slug and the day
 * @param bytes    the content of the file
 * @param defaults the publication's defaults
 * @param linkTo   finds the articles of links to files. By default such links are refused
 * @returns the prepared article, or all problems of the file
 */
export function prepareArticle(
  path: string,
  bytes: Uint8Array,
  defaults: PublishingDefaults = noDefaults,
  linkTo: LinkTo = () => null,
): PreparedArticle | Refused {
  const inFile = (found: readonly ProblemAt[]): Problem[] => found.map((problem) => ({ path, ...problem }))
  const refuse = (problems: readonly ProblemAt[]): Refused => ({ problems: inFile(problems) })
  const source = readSource(bytes)
  if (Array.isArray(source)) return refuse(source)
  const links: string[] = []
  const options = {
    mdx: /\.mdx$/i.test(path),
    linkTo: (target: string) => {
      const found = linkTo(target)
      if (found !== null && found !== 'several') links.push(`${target} ${found.slug}`)
      return found
    },
  }
  const { frontMatter, warnings, markdown } = splitSource(source.text, { path, defaults })
  const excessive = excessiveWork(markdown)
  if (excessive.length > 0) return refuse([...(Array.isArray(frontMatter) ? frontMatter : []), ...excessive])
  if (Array.isArray(frontMatter)) return refuse([...frontMatter, ...markdownProblems(markdown, options)])
  const rendered = renderArticle(markdown, frontMatter.requirement.visibility, {
    ...options,
    title: frontMatter.title,
    lang: frontMatter.lang,
  })
  if (Array.isArray(rendered)) return refuse(rendered)
  const excerpt = frontMatter.excerpt ?? rendered.excerpt
  if (excerpt === '')
    return refuse([{ line: 1, message: 'excerpt: is missing, and the public part has no text to take it from' }])
  // The targets of links, and the day and draft state of the path, are part of the article.
  const { day, isDraft } = namedByFile(path)
  const named = day === null && !isDraft ? [] : [`named ${day ?? ''} ${isDraft}`]
  const sourceHash = hashOf(hashWith(defaults, source.hash), [...named, ...links])
  return {
    ...frontMatter,
    ...rendered,
    excerpt,
    path,
    sourceHash,
    warnings: inFile([...warnings, ...rendered.warnings]),
  }
}

/** Returns the slug and title of a file, or null if its front matter is invalid. `prepareArticle` reports the problems. */
export function articleHead(
  path: string,
  bytes: Uint8Array,
  defaults: PublishingDefaults = noDefaults,
): Pick<FrontMatter, 'slug' | 'title'> | null {
  const source = readSource(bytes)
  if (Array.isArray(source)) return null
  const { frontMatter } = splitSource(source.text, { path, defaults })
  return Array.isArray(frontMatter) ? null : frontMatter
}

const hashOf = (hash: string, parts: readonly string[]): string =>
  parts.length === 0
    ? hash
    : createHash('sha256')
        .update(`${hash}\n${parts.join('\n')}`)
        .digest('hex')

/** Adds the defaults to a hash, so that a changed default updates the article. `visibility` is compared separately. */
function hashWith({ author, timeZone, language }: PublishingDefaults, hash: string): string {
  const values = JSON.stringify([author, timeZone, language])
  if (values === JSON.stringify([noDefaults.author, noDefaults.timeZone, noDefaults.language])) return hash
  return createHash('sha256').update(`${hash}\n${values}`).digest('hex')
}
