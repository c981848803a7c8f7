import { splitFile } from './block.ts'
import type { Block, Value } from './values.ts'
import { isLikeVisibility } from './keys.ts'
import { readAuthor, readSeries, readTags, type Named } from './names.ts'
import { asOneLine, createReader, shownKey, textFault, type Reader } from './reader.ts'
import { readSlug } from './slug-of-file.ts'
import { readPublishedAt } from './published-at.ts'
import { titleOfHeading } from '../heading-title.ts'
import { parseLanguage } from './language.ts'
import type { ProblemAt } from '../problems.ts'
import { parseVisibility, visibilityForm, type RequirementBySlug } from './visibility.ts'

export type { Named } from './names.ts'
export type { RequirementBySlug } from './visibility.ts'

/** The publication's defaults for fields that a file omits. */
export interface PublishingDefaults {
  /** In the form of the field `visibility`. Null if each file must have the field. */
  readonly visibility: string | null
  /** Null if each file must name an author. */
  readonly author: string | null
  /** IANA name of the time zone of days and of times without an offset. */
  readonly timeZone: string
  /** BCP 47, or null for no default. */
  readonly language: string | null
}

export const noDefaults: PublishingDefaults = { visibility: null, author: null, timeZone: 'UTC', language: null }

export interface FrontMatter {
  readonly slug: string
  readonly title: string
  readonly author: Named
  readonly series: Named | null
  /** In the order of the file, tags before categories, without duplicates. */
  readonly tags: readonly Named[]
  readonly requirement: RequirementBySlug
  /** Null for a draft. */
  readonly publishedAt: Date | null
  /** The author's excerpt, or null if it is taken from the public part. */
  readonly excerpt: string | null
  /** BCP 47, or null if unknown. */
  readonly lang: string | null
  /** The image that the file names, unchanged. */
  readonly cover: { readonly source: string; readonly alt: string | null } | null
  readonly extra: { readonly year?: number; readonly license?: string }
  /** The line of `visibility`, for problems with its plans, which are found later with the database. */
  readonly visibilityLine: number
}

interface SplitSource {
  /** The front matter, or its problems in the order of their lines. */
  readonly frontMatter: FrontMatter | ProblemAt[]
  /** Warnings about values that are ignored or changed. */
  readonly warnings: readonly ProblemAt[]
  /** The Markdown below, after an empty line for each line of front matter, so that its line numbers are those of the file. */
  readonly markdown: string
}

interface ReadingOptions {
  /** The file's path. Its name provides the slug and the day if the front matter has none. */
  readonly path: string
  readonly defaults: PublishingDefaults
}

/** Splits a file into its front matter and its Markdown, and checks the front matter. Reports all its problems at once. */
export function splitSource(source: string, options: ReadingOptions): SplitSource {
  const { block, markdown } = splitFile(source)
  if (!isBlock(block)) return { frontMatter: [...block], warnings: [], markdown }
  const reader = createReader(block)
  const frontMatter = readFields(reader, markdown, options)
  warnOfUnknownKeys(reader)
  const problems = reader.problems.toSorted(byLine)
  return {
    frontMatter: frontMatter === null || problems.length > 0 ? problems : frontMatter,
    warnings: reader.warnings.toSorted(byLine),
    markdown,
  }
}

const isBlock = (block: Block | readonly ProblemAt[]): block is Block => !Array.isArray(block)

function readFields(reader: Reader, markdown: string, { path, defaults }: ReadingOptions): FrontMatter | null {
  const title = readTitle(reader, markdown)
  const slug = readSlug(reader, path)
  const author = readAuthor(reader, defaults.author)
  const requirement = readRequirement(reader, defaults.visibility)
  const { publishedAt } = readPublishedAt(reader, path, defaults.timeZone)
  const rest = {
    series: readSeries(reader),
    tags: readTags(reader),
    publishedAt,
    excerpt: readExcerpt(reader),
    lang: readLanguage(reader) ?? defaults.language,
    cover: readCover(reader),
    extra: readExtra(reader),
    visibilityLine: reader.lineOfField('visibility'),
  }
  if (title === null || slug === null || author === null || requirement === null) return null
  return { title, slug, author, requirement, ...rest }
}

function readTitle(reader: Reader, markdown: string): string | null {
  if (reader.find('title') !== null) return reader.text('title', 300)
  const heading = titleOfHeading(markdown)
  if (heading !== null && textFault(heading, 300) === null) return heading
  reader.problems.push({ line: reader.lineOfField('title'), message: 'title: is missing' })
  return null
}

/** Returns whether an unknown key or a nested one may be meant as `visibility`. Hugo nests custom keys under `params`. */
function mayRestrict(key: string, value: Value | undefined): boolean {
  if (isLikeVisibility(key)) return true
  return value instanceof Map && [...(value as Map<string, Value>)].some(([inner, below]) => mayRestrict(inner, below))
}

function readRequirement(reader: Reader, standard: string | null): RequirementBySlug | null {
  const found = reader.find('visibility')
  const similar = found === null ? reader.unknownKeys.find((key) => mayRestrict(key, reader.valueOf(key))) : undefined
  if (similar !== undefined) {
    const message = `visibility: is missing; the key ${shownKey(similar)} is not supported`
    reader.problems.push({ line: reader.lineOf(similar), message })
    return null
  }
  const written = found === null ? standard : asOneLine(found.value)
  if (written === null && found === null) {
    const message = `visibility: is missing; write ${visibilityForm}, or set DEFAULT_VISIBILITY`
    reader.problems.push({ line: reader.lineOfField('visibility'), message })
    return null
  }
  const requirement = parseVisibility(written ?? '')
  if (requirement === null) {
    reader.problems.push({ line: found?.line ?? 1, message: `visibility: is not one of ${visibilityForm}` })
  }
  return requirement
}

/**
 * Reads the excerpt. A description under another key that is too long is ignored, because the beginning of the article can
 * replace it.
 */
function readExcerpt(reader: Reader): string | null {
  const found = reader.find('excerpt')
  if (found === null || found.key === 'excerpt') return reader.text('excerpt', 500)
  const text = asOneLine(found.value)
  const fault = text === null ? 'is not text' : textFault(text, 500)
  if (fault === null) return text
  reader.warnings.push({ line: found.line, message: `${shownKey(found.key)} ${fault}, and is ignored` })
  return null
}

function readLanguage(reader: Reader): string | null {
  const found = reader.find('lang')
  if (found === null) return null
  const tag = parseLanguage(asOneLine(found.value) ?? '')
  if (tag === null) {
    const message = 'lang: is not a language tag such as en, pt-BR or zh-Hans, and is ignored'
    reader.warnings.push({ line: found.line, message })
  }
  return tag
}

function readCover(reader: Reader): FrontMatter['cover'] {
  const found = reader.find('cover')
  const written = reader.find('coverAlt')
  if (found === null) return null
  const image = Array.isArray(found.value) ? (found.value as readonly Value[])[0] : found.value
  const parts = image instanceof Map ? (image as ReadonlyMap<string, Value>) : new Map<string, Value>()
  const first = (keys: readonly string[]) => keys.map((key) => asOneLine(parts.get(key))).find(Boolean) ?? null
  const source = asOneLine(image) ?? first(['src', 'source', 'url', 'path', 'image', 'feature', 'teaser', 'publicURL'])
  if (source === null || textFault(source, 2_000) !== null) {
    reader.warnings.push({ line: found.line, message: `${shownKey(found.key)} names no image, and is ignored` })
    return null
  }
  const message = `${shownKey(found.key)} is stored but not shown, because cover images are not supported yet`
  reader.warnings.push({ line: found.line, message, oncePerRun: true })
  const alt = asOneLine(written?.value) ?? first(['alt', 'caption'])
  return { source, alt: alt !== null && textFault(alt, 500) === null ? alt : null }
}

function readExtra(reader: Reader): FrontMatter['extra'] {
  const license = reader.text('license', 300)
  const year = reader.find('year')
  const written = year === null ? null : asOneLine(year.value)
  if (year !== null && !/^-?\d{1,4}$/.test(written ?? '')) {
    reader.problems.push({ line: year.line, message: 'year: is not a whole number from -9999 to 9999' })
  }
  return { ...(written !== null && { year: Number(written) }), ...(license !== null && { license }) }
}

function warnOfUnknownKeys(reader: Reader): void {
  for (const key of reader.unknownKeys) {
    reader.warnings.push({ line: reader.lineOf(key), message: `${shownKey(key)} is ignored`, oncePerRun: true })
  }
}

const byLine = (a: ProblemAt, b: ProblemAt): number => a.line - b.line
