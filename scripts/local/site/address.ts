/** The address of a request. */
export interface Address {
  /** Decoded. Begins with one slash, and has no empty segment, no `.` and no `..`. */
  readonly pathname: string
  /** Undecoded, with its question mark, or an empty string. */
  readonly query: string
}

export interface Unreadable {
  readonly status: 400 | 414
}

/** The length that every recipient should support (RFC 9110, section 4.1). */
const maxLength = 8_000

/**
 * Parses the target of a request, once for all its uses. Refuses ambiguous targets: a path that the check and the file system read
 * differently could lead out of the folder.
 *
 * @param url the target in the first line of the request
 */
export function readAddress(url: string): Address | Unreadable {
  if (url.length > maxLength) return { status: 414 }
  const [raw = ''] = url.split('?', 1)
  // An encoded slash would become a separator.
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
  // eslint-disable-next-line no-control-regex -- the pattern searches for them
  if (!pathname.startsWith('/') || /[\x00-\x1f\x7f\\]/.test(pathname)) return false
  const segments = pathname.slice(1).split('/')
  return segments.every(
    (segment, index) => segment !== '.' && segment !== '..' && (segment !== '' || index === segments.length - 1),
  )
}

/** Encodes a decoded path for `Location`. */
export const encodePath = (pathname: string): string => pathname.split('/').map(encodeURIComponent).join('/')
