import { articleFolder, listFolders, type ListKind } from './addresses.ts'

/** An address that the API may know although the site was built without it. */
export interface UnbuiltPath {
  readonly kind: 'article' | ListKind
  readonly slug: string
}

// A Map: an object would also know `constructor`.
const kinds: ReadonlyMap<string, UnbuiltPath['kind']> = new Map([
  [articleFolder, 'article'],
  ...Object.entries(listFolders).map(([kind, folder]) => [folder, kind as ListKind] as const),
])

/** The form of the server's slugs: letters, marks and digits in small letters, single hyphens, NFC, 200 bytes. */
function isSlug(text: string): boolean {
  return (
    /^[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(-[\p{L}\p{N}][\p{L}\p{N}\p{M}]*)*$/u.test(text) &&
    text === text.toLowerCase().normalize('NFC') &&
    new TextEncoder().encode(text).byteLength <= 200
  )
}

/**
 * Reads an address that the API may know.
 *
 * @param path percent-encoded, as browsers have it, or not
 * @returns null: there can be nothing there
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
