import { isMap, isNode, LineCounter, parseDocument, visit, type Alias, type Document, type YAMLError } from 'yaml'
import { z } from 'zod'
import type { ProblemAt } from './problems.ts'
import { controlCharacterIn } from './source.ts'
import { longestSlug, slugForm, slugify } from './slug.ts'

/** An author, a tag or a series, by the name in the file and the slug made from it. */
export interface Named {
  readonly name: string
  readonly slug: string
}

export interface RequirementBySlug {
  readonly visibility: 'PUBLIC' | 'MEMBERS' | 'PAID' | 'PLANS'
  /** Sorted, each once; empty unless PLANS. */
  readonly planSlugs: readonly string[]
}

export interface FrontMatter {
  readonly slug: string
  readonly title: string
  readonly author: Named
  readonly series: Named | null
  /** In the author's order. */
  readonly tags: readonly Named[]
  readonly requirement: RequirementBySlug
  /** Null: a draft. */
  readonly publishedAt: Date | null
  /** What the author wrote for the purpose; null: made from the public part. */
  readonly excerpt: string | null
  readonly extra: { readonly year?: number; readonly license?: string }
  /** Where `visibility` stands: the plans it names are known to the database only. */
  readonly visibilityLine: number
}

export interface SplitSource {
  /** Or all that is wrong with it, in the order of its lines. */
  readonly frontMatter: FrontMatter | ProblemAt[]
  /** The Markdown below, with an empty line for each line above it: its line numbers are those of the file. */
  readonly markdown: string
}

const text = (longest: number) =>
  z
    .string('is not text: put it in quotes')
    .trim()
    .min(1, 'is empty')
    .max(longest, `is longer than ${longest} characters`)
    .refine((value) => controlCharacterIn(value) === null, 'has a control character in it')

const named = text(200).transform((name, context): Named => {
  const slug = slugify(name)
  if (slug === '') context.addIssue('has no letter or digit that can stand in an address (a to z, 0 to 9)')
  if (slug.length > longestSlug) context.addIssue(`makes an address longer than ${longestSlug} characters`)
  return { name, slug }
})

const tags = z.array(named, 'is not a list such as [essays, criticism]').max(20, 'has more than 20 entries')

const visibility = z.string('is not text').transform((value, context): RequirementBySlug => {
  if (value === 'public' || value === 'members' || value === 'paid') {
    return { visibility: ({ public: 'PUBLIC', members: 'MEMBERS', paid: 'PAID' } as const)[value], planSlugs: [] }
  }
  const plans = /^plan:(.+)$/
    .exec(value)?.[1]
    ?.split(',')
    .map((slug) => slug.trim())
  if (plans?.every((slug) => slugForm.test(slug))) {
    return { visibility: 'PLANS', planSlugs: [...new Set(plans)].sort() }
  }
  context.addIssue('is none of public, members, paid, plan:<slug>[,<slug>]')
  return z.NEVER
})

const publishedAt = z
  .string('is not an instant such as 2026-08-03T07:00:00Z')
  .pipe(z.iso.datetime({ offset: true, error: 'is not an instant with its offset, such as 2026-08-03T07:00:00Z' }))
  // A finer time would be cut, and its cursor would not find it again.
  .refine((value) => !/\.\d{4,}/.test(value), 'is finer than a millisecond')
  .transform((value) => new Date(value))

const shape = z.strictObject({
  title: text(300),
  slug: text(longestSlug).regex(slugForm, 'is not made of a to z and 0 to 9 with single hyphens between'),
  author: named,
  series: named.optional(),
  year: z.int('is not a whole number').min(-9999, 'is too early').max(9999, 'is too late').optional(),
  tags: tags.default([]),
  visibility,
  status: z.enum(['published', 'draft'], 'is neither published nor draft'),
  publishedAt: publishedAt.optional(),
  license: text(300).optional(),
  excerpt: text(500).optional(),
})

const keys = Object.keys(shape.shape)

/** Takes a file apart into its front matter and its Markdown; both are checked, so that all problems are said at once. */
export function splitSource(source: string): SplitSource {
  const fence = /^---[ \t]*\n(?:([\s\S]*?)\n)?---[ \t]*(?:\n|$)/.exec(source)
  if (!fence) {
    return { frontMatter: [{ line: 1, message: 'has no front matter between two lines of ---' }], markdown: source }
  }
  const linesAbove = fence[0].split('\n').length - 1
  return {
    frontMatter: parseFrontMatter(fence[1] ?? ''),
    markdown: '\n'.repeat(linesAbove) + source.slice(fence[0].length),
  }
}

/** Unknown keys are refused: a misspelt `visibility` would otherwise be lost without a word. */
function parseFrontMatter(yaml: string): FrontMatter | ProblemAt[] {
  const lines = new LineCounter()
  const document = parseDocument(yaml, { lineCounter: lines, prettyErrors: false, stringKeys: true })
  const faults = [...document.errors, ...document.warnings]
  if (faults.length > 0) return faults.map((fault) => yamlProblem(fault, lines))
  if (!isMap(document.contents)) return [{ line: 1, message: 'has a front matter that is not a list of `key: value`' }]
  const alias = firstAlias(document)
  if (alias) return [{ line: lines.linePos(alias.range?.[0] ?? 0).line + 1, message: 'front matter: has an alias' }]

  const lineOf = (path: readonly PropertyKey[]) => lineInFile(document, lines, path)
  const parsed = shape.safeParse(document.toJS())
  if (!parsed.success) return parsed.error.issues.flatMap((issue) => issueProblems(issue, lineOf)).sort(byLine)
  const problems = contradictions(parsed.data, lineOf)
  if (problems.length > 0) return problems

  const { year, license, status, series, excerpt, visibility: requirement, ...rest } = parsed.data
  return {
    ...rest,
    requirement,
    series: series ?? null,
    excerpt: excerpt ?? null,
    publishedAt: status === 'draft' ? null : (rest.publishedAt ?? null),
    extra: { ...(year !== undefined && { year }), ...(license !== undefined && { license }) },
    visibilityLine: lineOf(['visibility']),
  }
}

/** What is well-formed by itself and wrong together. */
function contradictions(data: z.infer<typeof shape>, lineOf: (path: readonly PropertyKey[]) => number): ProblemAt[] {
  const problems: ProblemAt[] = []
  if (data.status === 'published' && data.publishedAt === undefined) {
    problems.push({ line: lineOf(['status']), message: 'publishedAt: is missing; what is published says when' })
  }
  const seen = new Set<string>()
  data.tags.forEach(({ slug }, index) => {
    if (seen.has(slug)) problems.push({ line: lineOf(['tags', index]), message: `tags: has ${slug} twice` })
    seen.add(slug)
  })
  return problems
}

function issueProblems(issue: z.core.$ZodIssue, lineOf: (path: readonly PropertyKey[]) => number): ProblemAt[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      line: lineOf([key]),
      message: `${JSON.stringify(key)} is no key of an article's front matter; there are ${keys.join(', ')}`,
    }))
  }
  const line = lineOf(issue.path)
  const missing = line === 1 && issue.path.length === 1
  return [{ line, message: `${String(issue.path[0])}: ${missing ? 'is missing' : issue.message}` }]
}

/** The line of a key or of a list's entry; 1, the opening fence, when it is not there. */
function lineInFile(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  const entry = isMap(document.contents)
    ? document.contents.items.find((pair) => isNode(pair.key) && String(pair.key) === path[0])
    : undefined
  const inner = path.length > 1 ? document.getIn(path, true) : undefined
  const node = isNode(inner) ? inner : entry?.key
  return isNode(node) && node.range ? lines.linePos(node.range[0]).line + 1 : 1
}

/** References within the front matter: of no use here, and a few lines of them unfold to gigabytes. */
function firstAlias(document: Document): Alias | undefined {
  let found: Alias | undefined
  visit(document, {
    Alias: (_, alias) => {
      found = alias
      return visit.BREAK
    },
  })
  return found
}

function yamlProblem(fault: YAMLError, lines: LineCounter): ProblemAt {
  return { line: lines.linePos(fault.pos[0]).line + 1, message: `front matter: ${fault.message}` }
}

const byLine = (a: ProblemAt, b: ProblemAt): number => a.line - b.line
