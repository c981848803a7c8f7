import { articleFolder, listFolders, type ListKind } from './addresses.ts'

/** A path that may have been published after the build. */
export interface UnbuiltPath {
  readonly kind: 'article' | ListKind
  readonly slug: string
}

// A Map, because an object also has `constructor`.
const kinds: ReadonlyMap<string, UnbuiltPath['kind']> = new Map([
  [articleFolder, 'article'],
  ...Object.entries(listFolders).map(([kind, folder]) => [folder, kind as ListKind] as const),
])

/** Returns whether text has the form of the server's slugs: lower-case letters, marks and digits, single hyphens, NFC, 200 bytes. */
function isSlug(text: string): boolean {
  return (
    /^[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(-[\p{L}\p{N}][\p{L}\p{N}\p{M}]*)*$/u.test(text) &&
    text === text.toLowerCase().normalize('NFC') &&
    new TextEncoder().encode(text).byteLength <= 200
  )
}

/**
 * Parses the path of an article, a tag, an author or a series.
 *
 * @param path percent-encoded, as browsers have it, or not
 * @returns null if nothing can be published there
 */
export function parseUnbuiltPath(path: string): UnbuiltPath | null {
  const [, folder = '', part = ''] = /^\/([a-z]+)\/([^/]+)\/?$/.exec(path) ?? []
  const kind = kinds.get(folder)
  const slug = decoded(part)
  return kind && slug !== null && isSlug(slug) ? { kind, slug } : null
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part)
  } catch {
    return null
  }
}
