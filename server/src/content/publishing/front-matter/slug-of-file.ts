import { asOneLine, type Reader } from './reader.ts'
import { isShortEnough, longestSlug, namedByFile, slugify } from '../slug.ts'

/** Reads the slug from `slug`, else from the last part of `permalink`, `url` or `path`, else from the name of the file. */
export function readSlug(reader: Reader, path: string): string | null {
  const found = reader.find('slug')
  if (found !== null) {
    const written = asOneLine(found.value)
    const slug = slugify(lastPart(written ?? ''))
    const fault = slug === '' ? 'has no letter or digit for an address' : lengthFault(slug)
    if (fault !== null) {
      reader.problems.push({ line: found.line, message: `slug: ${fault}` })
      return null
    }
    if (slug !== written) reader.warnings.push({ line: found.line, message: `slug: the address is ${slug}` })
    return slug
  }
  return slugOfPermalink(reader) ?? slugOfFile(reader, path)
}

function slugOfPermalink(reader: Reader): string | null {
  const found = reader.find('permalink')
  const written = asOneLine(found?.value)
  if (found === null || written === null || isNoAddress(written)) return null
  const slug = slugify(lastPart(decoded(written)))
  if (!/[:{}]/.test(written.replace(/^[a-z]+:\/\//i, '')) && slug !== '' && lengthFault(slug) === null) return slug
  const message = `${found.key}: is not a fixed address; the slug is taken from the file name`
  reader.warnings.push({ line: found.line, message })
  return null
}

/** Returns whether a permalink is Eleventy's `permalink: false`, which means that the file has no page. */
export const isNoAddress = (permalink: string): boolean => permalink === 'false'

function slugOfFile(reader: Reader, path: string): string | null {
  const { slug } = namedByFile(path)
  if (slug !== '') return slug
  reader.problems.push({ line: 1, message: 'slug: is missing, and the file name has no letter or digit' })
  return null
}

/** Returns `my-post` for `2024/05/my-post`, `/2024/05/my-post/` and `https://blog.example/my-post.html?x#y`. */
function lastPart(address: string): string {
  const parts = address
    .replace(/^[a-z]+:\/\/[^/]*/i, '')
    .replace(/[?#].*$/, '')
    .split('/')
    .filter((part) => part !== '' && !/^index\.x?html?$/i.test(part))
  return (parts.at(-1) ?? '').replace(/\.x?html?$/i, '')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const lengthFault = (slug: string): string | null =>
  isShortEnough(slug)
    ? null
    : `makes an address that is too long (at most ${longestSlug} ASCII characters, or fewer in other scripts)`
