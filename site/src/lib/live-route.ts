import { articleFolder, listFolders, type ListKind } from './addresses.ts'

/** An address that the API may know although the site was built without it. */
export interface LiveAddress {
  readonly kind: 'article' | ListKind
  readonly slug: string
}

// A Map: an object would also know `constructor`.
const kinds: ReadonlyMap<string, LiveAddress['kind']> = new Map([
  [articleFolder, 'article'],
  ...Object.entries(listFolders).map(([kind, folder]) => [folder, kind as ListKind] as const),
])

/** Null: there can be nothing there. Slugs are as the server makes them: a to z, 0 to 9, single hyphens, 200 characters. */
export function liveAddressOf(path: string): LiveAddress | null {
  const [, folder = '', slug = ''] = /^\/([a-z]+)\/([a-z0-9]+(?:-[a-z0-9]+)*)\/?$/.exec(path) ?? []
  const kind = kinds.get(folder)
  return kind && slug.length <= 200 ? { kind, slug } : null
}
