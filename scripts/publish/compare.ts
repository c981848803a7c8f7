import { diffLines } from 'diff'
import {
  visibilityAsWritten,
  type PreparedArticle,
  type StoredForComparison,
} from '../../server/src/content/publishing/index.ts'

export interface Change {
  readonly article: PreparedArticle
  readonly kind: 'create' | 'update' | 'unchanged'
  /** The hash of the stored article, by which a change after the comparison is detected. Null if none is stored. */
  readonly seenHash: string | null
  /** The differences that are shown before the confirmation. */
  readonly lines: readonly string[]
  /** The parsed fields of the file, for the dry run. */
  readonly understood: readonly string[]
}

const mostLinesOfAField = 12
const widestLine = 110

/** Compares an article with the stored one. */
export function compareArticle(article: PreparedArticle, stored: StoredForComparison | undefined): Change {
  const after = fieldsOf(article)
  const understood = [
    ...Object.entries(after).map(([key, value]) => `${key}: ${value}`),
    `excerpt: ${article.excerpt}`,
  ].map((line) => clip(line))
  if (!stored) return { article, kind: 'create', seenHash: null, lines: understood, understood }
  const before = storedFields(stored)
  const { sourceHash: seenHash } = stored
  if (seenHash === article.sourceHash && before.visibility === after.visibility) {
    return { article, kind: 'unchanged', seenHash, lines: [], understood }
  }
  const changed = Object.entries(after).flatMap(([key, value]) =>
    before[key] === value ? [] : [clip(`${key}: ${before[key]} → ${value}`)],
  )
  const texts = [
    ...textDiff('excerpt', stored.excerpt, article.excerpt),
    ...textDiff('preview', stored.previewHtml, article.previewHtml),
    ...textDiff('rest', stored.restHtml, article.restHtml),
  ]
  const lines = [...changed, ...texts]
  return {
    article,
    kind: 'update',
    seenHash,
    lines: lines.length > 0 ? lines : ['no change that is visible to readers'],
    understood,
  }
}

type Fields = Readonly<Record<string, string>>

function fieldsOf({
  title,
  author,
  series,
  tags,
  requirement,
  publishedAt,
  lang,
  cover,
  extra,
}: PreparedArticle): Fields {
  return {
    title,
    author: author.name,
    series: series?.name ?? 'none',
    tags: tags.map(({ name }) => name).join(', '),
    visibility: visibilityAsWritten(requirement.visibility, requirement.planSlugs),
    publishedAt: publishedAt?.toISOString() ?? 'draft',
    lang: lang ?? 'none',
    cover: cover?.source ?? 'none',
    ...factsOf(extra),
  }
}

function storedFields({
  title,
  author,
  series,
  tags,
  visibility,
  publishedAt,
  lang,
  cover,
  extra,
}: StoredForComparison): Fields {
  return {
    title,
    author,
    series: series ?? 'none',
    tags: tags.join(', '),
    visibility,
    publishedAt: publishedAt?.toISOString() ?? 'draft',
    lang: lang ?? 'none',
    cover: cover ?? 'none',
    ...factsOf(typeof extra === 'object' && extra !== null ? extra : {}),
  }
}

function factsOf({ year, license }: { readonly year?: unknown; readonly license?: unknown }): Fields {
  const shown = (fact: unknown) => (typeof fact === 'string' || typeof fact === 'number' ? String(fact) : 'none')
  return { year: shown(year), license: shown(license) }
}

/** Returns the differing lines, old above new. A long line starts shortly before the first difference. */
function textDiff(name: string, before: string, after: string): string[] {
  if (before === after) return []
  const parts = diffLines(before, after)
  const changed = parts.flatMap((part, index) => {
    if (part.removed) return pairs(linesOf(part.value), parts[index + 1]?.added ? linesOf(parts[index + 1]?.value) : [])
    return part.added && !parts[index - 1]?.removed ? pairs([], linesOf(part.value)) : []
  })
  const shown = changed.slice(0, mostLinesOfAField)
  const left = changed.length - shown.length
  return [`${name}:`, ...shown, ...(left > 0 ? [`  … and ${left} more changed lines`] : [])]
}

const linesOf = (text = ''): string[] => text.split('\n').filter((line) => line !== '')

function pairs(before: readonly string[], after: readonly string[]): string[] {
  return Array.from({ length: Math.max(before.length, after.length) }, (_, index) => {
    const [old, fresh] = [before[index], after[index]]
    const from = Math.max(0, commonStart(old ?? '', fresh ?? '') - 30)
    return [
      ...(old === undefined ? [] : [`  - ${clip(old, from)}`]),
      ...(fresh === undefined ? [] : [`  + ${clip(fresh, from)}`]),
    ]
  }).flat()
}

function commonStart(a: string, b: string): number {
  let length = 0
  while (length < a.length && a[length] === b[length]) length += 1
  return length
}

/** Returns a text shortened to a line of the terminal, without control characters. */
function clip(text: string, from = 0): string {
  const line = text.replace(/\p{Cc}/gu, '\ufffd')
  const start = from > 0 ? '…' : ''
  const end = line.length > from + widestLine ? '…' : ''
  return start + line.slice(from, from + widestLine) + end
}
