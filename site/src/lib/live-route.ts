/** An address that the API may know although the site was built without it. */
export type LiveAddress =
  | { readonly kind: 'article'; readonly slug: string }
  | { readonly kind: 'tag' | 'author' | 'series'; readonly slug: string }

const folders: ReadonlyMap<string, LiveAddress['kind']> = new Map([
  ['articles', 'article'],
  ['tags', 'tag'],
  ['authors', 'author'],
  ['series', 'series'],
])

/** Null: there can be nothing there. Slugs are as the server makes them: a to z, 0 to 9, single hyphens, 200 characters. */
export function liveAddressOf(path: string): LiveAddress | null {
  const [, folder = '', slug = ''] = /^\/([a-z]+)\/([a-z0-9]+(?:-[a-z0-9]+)*)\/?$/.exec(path) ?? []
  const kind = folders.get(folder)
  return kind && slug.length <= 200 ? { kind, slug } : null
}
