import { splitSource, type FrontMatter } from './front-matter.ts'
import type { Problem, ProblemAt } from './problems.ts'
import { markdownProblems, renderArticle, type Rendered } from './render.ts'
import { readSource } from './source.ts'

/** An article read, checked and rendered: all that publishing writes, but the plans' ids. */
export interface PreparedArticle extends Omit<FrontMatter, 'excerpt'>, Rendered {
  /** As problems name it. */
  readonly path: string
  readonly sourceHash: string
}

export interface Refused {
  readonly problems: readonly Problem[]
}

/**
 * Turns an article's file into what is to be stored; needs no database.
 *
 * @param path  the file as problems shall name it
 * @param bytes its content
 * @returns all problems of the file at once when there is one
 */
export function prepareArticle(path: string, bytes: Uint8Array): PreparedArticle | Refused {
  const refuse = (problems: readonly ProblemAt[]): Refused => ({
    problems: problems.map((found) => ({ path, ...found })),
  })
  const source = readSource(bytes)
  if (Array.isArray(source)) return refuse(source)
  const { frontMatter, markdown } = splitSource(source.text)
  if (Array.isArray(frontMatter)) return refuse([...frontMatter, ...markdownProblems(markdown)])
  const rendered = renderArticle(markdown, frontMatter.requirement.visibility)
  if (Array.isArray(rendered)) return refuse(rendered)
  const excerpt = frontMatter.excerpt ?? rendered.excerpt
  if (excerpt === '')
    return refuse([{ line: 1, message: 'excerpt: is missing, and the public part has no text for one' }])
  return { ...frontMatter, ...rendered, excerpt, path, sourceHash: source.hash }
}
