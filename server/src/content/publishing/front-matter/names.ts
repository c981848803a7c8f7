import type { Value } from './values.ts'
import { asOneLine, textFault, type Found, type Reader } from './reader.ts'
import { isShortEnough, longestSlug, slugify } from '../slug.ts'

/** An author, a tag or a series, by the name in the file and the slug made from it. */
export interface Named {
  readonly name: string
  readonly slug: string
  /** The line in the file. */
  readonly line: number
}

const mostTags = 20

/** Reads the author from `author` or `authors`: a name, a list, or maps with a `name`. */
export function readAuthor(reader: Reader, standard: string | null): Named | null {
  const found = reader.find('author')
  if (found === null) {
    const named = standard === null ? null : nameAt(standard, 1)
    if (typeof named === 'object' && named !== null) return named
    const line = reader.lineOfField('author')
    reader.problems.push({ line, message: 'author: is missing; name an author, or set DEFAULT_AUTHOR' })
    return null
  }
  return firstName(reader, found, 'author', 'because an article has one author')
}

export function readSeries(reader: Reader): Named | null {
  const found = reader.find('series')
  return found === null ? null : firstName(reader, found, 'series', 'because an article belongs to one series')
}

function firstName(reader: Reader, found: Found, field: 'author' | 'series', why: string): Named | null {
  const all = namesIn(reader, found, field)
  if (all.length > 1) {
    reader.warnings.push({ line: found.line, message: `${field}: only the first of ${all.length} is used, ${why}` })
  }
  return all[0] ?? null
}

/** Reads `tags`, then `categories`: lists, or names separated by commas. */
export function readTags(reader: Reader): Named[] {
  const bySlug = new Map<string, Named>()
  for (const field of ['tags', 'categories'] as const) {
    const found = reader.find(field)
    if (found === null) continue
    for (const tag of namesIn(reader, words(reader, found, field), field)) {
      const other = bySlug.get(tag.slug)
      if (other === undefined) bySlug.set(tag.slug, tag)
      else if (other.name !== tag.name) {
        reader.warnings.push({ line: tag.line, message: `${field}: has ${tag.slug} in two spellings` })
      }
    }
  }
  if (bySlug.size > mostTags) {
    reader.problems.push({ line: reader.lineOfField('tags'), message: `tags: has more than ${mostTags} entries` })
  }
  return [...bySlug.values()]
}

function words(reader: Reader, found: Found, field: string): Found {
  if (typeof found.value !== 'string') return found
  const parts = found.value.split(',').map((part) => part.trim())
  if (parts.length === 1 && /\s/.test(parts[0] ?? '')) {
    const message = `${field}: is read as one name; write a list to name several`
    reader.warnings.push({ line: found.line, message, oncePerRun: true })
  }
  return { ...found, value: parts.filter((part) => part !== '') }
}

function namesIn(reader: Reader, { key, value }: Found, field: string): Named[] {
  const values = Array.isArray(value) ? (value as readonly Value[]).flat() : [value]
  return values.flatMap((entry, index) => {
    const line = Array.isArray(value) ? entryLine(reader, key, index) : reader.lineOf(key)
    const name = asOneLine(entry) ?? nameInMap(entry)
    const named = name === null ? 'is not text' : nameAt(name, line)
    if (typeof named === 'object') return [named]
    reader.problems.push({ line, message: `${field}: ${named}` })
    return []
  })
}

/** Returns the line of an entry of a list, which may be the line of its key. */
function entryLine(reader: Reader, key: string, index: number): number {
  const line = reader.lineOf(key, index)
  return line === 1 ? reader.lineOf(key) : line
}

function nameInMap(value: Value): string | null {
  if (typeof value === 'string' || !(value instanceof Map)) return null
  const map = value as ReadonlyMap<string, Value>
  return ['name', 'title', 'slug', 'id'].reduce<string | null>((found, key) => found ?? asOneLine(map.get(key)), null)
}

/** Checks a name and adds its slug. @returns a description of the fault for an unusable name */
function nameAt(name: string, line: number): Named | string {
  const fault = name === '' ? 'is empty' : textFault(name, 200)
  if (fault !== null) return fault
  const slug = slugify(name)
  if (slug === '') return 'has no letter or digit for an address'
  return isShortEnough(slug)
    ? { name, slug, line }
    : `makes an address that is too long (at most ${longestSlug} ASCII characters, or fewer in other scripts)`
}
