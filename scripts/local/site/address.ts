/** What is asked for. */
export interface Address {
  /** Decoded; begins with one slash, and has no empty segment, no `.` and no `..`. */
  readonly pathname: string
  /** As it came, with its question mark; or empty. */
  readonly query: string
}

export interface Unreadable {
  readonly status: 400 | 414
}

/** RFC 9110, section 4.1: what everybody should be able to take. */
const mostCharacters = 8_000

/**
 * Reads the target of a request once, for everybody: whatever has two readings is refused, because a path that is one thing to
 * who checks it and another to who opens it is the way out of a folder.
 *
 * @param url as it stands in the request's first line
 */
export function readAddress(url: string): Address | Unreadable {
  if (url.length > mostCharacters) return { status: 414 }
  const [raw = ''] = url.split('?', 1)
  // A slash that is encoded would become one that divides.
  if (/%(2f|5c|00)/i.test(raw)) return { status: 400 }
  const pathname = decode(raw)
  if (pathname === null || !isPlain(pathname)) return { status: 400 }
  return { pathname, query: url.slice(raw.length) }
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

function isPlain(pathname: string): boolean {
  // eslint-disable-next-line no-control-regex -- it is they that are looked for
  if (!pathname.startsWith('/') || /[\x00-\x1f\x7f\\]/.test(pathname)) return false
  const segments = pathname.slice(1).split('/')
  return segments.every(
    (segment, index) => segment !== '.' && segment !== '..' && (segment !== '' || index === segments.length - 1),
  )
}

/** The other way: a decoded path as it stands in `Location`. */
export const encodePath = (pathname: string): string => pathname.split('/').map(encodeURIComponent).join('/')
