import { createHash } from 'node:crypto'
import type { LinkTo } from './markdown/links.ts'
import { noDefaults, splitSource, type FrontMatter, type PublishingDefaults } from './front-matter/front-matter.ts'
import type { Problem, ProblemAt } from './problems.ts'
import { markdownProblems, renderArticle, type Rendered } from './render.ts'
import { namedByFile } from './slug.ts'
import { readSource } from './source.ts'
import { excessiveWork } from './work-limit.ts'

/** An article read, checked and rendered: all that publishing writes, but the plans' ids. */
export interface PreparedArticle extends Omit<FrontMatter, 'excerpt'>, Omit<Rendered, 'warnings'> {
  /** As problems name it. */
  readonly path: string
  readonly sourceHash: string
  /** What is published otherwise than the file says, or is told to its writer. Nothing of it stops the publication. */
  readonly warnings: readonly Problem[]
}

export interface Refused {
  readonly problems: readonly Problem[]
}

/**
 * Turns an article's file into what is to be stored; needs no database.
 *
 * @param path     the file as problems shall name it; its name may give the slug and the day
 * @param bytes    its content
 * @param defaults what the publication says for files that do not
 * @param linkTo   finds the articles that its links to files lead to. Default: none
 * @returns all problems of the file at once when there is one
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
  // Where its links lead, and what its place and name say, are part of what is published.
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

/** Returns what a file is as an article, or null when it is none; what is wrong with it is found when it is prepared. */
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

/** Another default publishes the same file anew. `visibility` is compared by itself. */
function hashWith({ author, timeZone, language }: PublishingDefaults, hash: string): string {
  const said = JSON.stringify([author, timeZone, language])
  if (said === JSON.stringify([noDefaults.author, noDefaults.timeZone, noDefaults.language])) return hash
  return createHash('sha256').update(`${hash}\n${said}`).digest('hex')
}
