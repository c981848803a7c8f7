import { asBoolean, asOneLine, shownKey, type Reader } from './reader.ts'
import { isNoAddress } from './slug-of-file.ts'
import { parsePublishingDate } from './publishing-date.ts'
import { namedByFile } from '../slug.ts'

const statuses: ReadonlyMap<string, 'published' | 'draft'> = new Map([
  ['published', 'published'],
  ['publish', 'published'],
  ['scheduled', 'published'],
  ['future', 'published'],
  ['draft', 'draft'],
])

/**
 * Reads the time of publication. Null for a draft. If the fields disagree, the article is a draft.
 */
export function readPublishedAt(reader: Reader, path: string, zone: string): { publishedAt: Date | null } {
  const date = readDate(reader, path, zone)
  if (readIsDraft(reader, path)) return { publishedAt: null }
  if (date === 'missing') {
    const line = reader.lineOfField('status')
    const message = 'publishedAt: is missing; write the date of publication, or `draft: true`'
    reader.problems.push({ line, message })
  }
  return { publishedAt: date instanceof Date ? date : null }
}

function readDate(reader: Reader, path: string, zone: string): Date | 'missing' | 'wrong' {
  const published = reader.find('published')
  const found = reader.find('publishedAt') ?? (published && asBoolean(published.value) === null ? published : null)
  const written = found === null ? namedByFile(path).day : asOneLine(found.value)
  if (written === null && found === null) return 'missing'
  const date = parsePublishingDate(written ?? '', zone)
  if (date !== null) return date
  const message = `${found?.key ?? 'publishedAt'}: is not a date or time such as 2026-08-03 or 2026-08-03T07:00:00Z`
  reader.problems.push({ line: found?.line ?? 1, message })
  return 'wrong'
}

function readIsDraft(reader: Reader, path: string): boolean {
  const reasons = [
    statusIsDraft(reader),
    readFlag(reader, 'draft') === true,
    publishedIsFalse(reader),
    isWithheld(reader),
    namedByFile(path).isDraft,
  ]
  return reasons.includes(true)
}

function statusIsDraft(reader: Reader): boolean {
  const found = reader.find('status')
  if (found === null) return false
  const status = statuses.get(asOneLine(found.value)?.toLowerCase() ?? '')
  if (status !== undefined) return status === 'draft'
  reader.warnings.push({
    line: found.line,
    message: 'status: is neither published nor draft; the article is stored as a draft',
  })
  return true
}

function readFlag(reader: Reader, field: 'draft'): boolean | null {
  const found = reader.find(field)
  if (found === null) return null
  const flag = asBoolean(found.value)
  if (flag === null) reader.problems.push({ line: found.line, message: `${field}: is neither true nor false` })
  return flag
}

/** Reads `published: false` of Jekyll and Hexo. In other themes `published` is a date. */
function publishedIsFalse(reader: Reader): boolean {
  const found = reader.find('published')
  return found !== null && asBoolean(found.value) === false
}

function isWithheld(reader: Reader): boolean {
  const permalink = reader.find('permalink')
  const hidden = [
    reader.find('withheld'),
    permalink && isNoAddress(asOneLine(permalink.value) ?? '') ? permalink : null,
  ]
  const found = hidden.find((field) => field !== null && (field === permalink || asBoolean(field.value) !== false))
  if (!found) return false
  const message = `${shownKey(found.key)}: the article is stored as a draft, because unlisted articles are not supported`
  reader.warnings.push({ line: found.line, message })
  return true
}
