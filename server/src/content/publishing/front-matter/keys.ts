/** The fields of an article's front matter. Generators have different keys for them. */
export type Field =
  | 'title'
  | 'slug'
  | 'permalink'
  | 'author'
  | 'series'
  | 'year'
  | 'tags'
  | 'categories'
  | 'visibility'
  | 'status'
  | 'draft'
  | 'published'
  | 'publishedAt'
  | 'license'
  | 'excerpt'
  | 'lang'
  | 'cover'
  | 'coverAlt'
  | 'withheld'

/**
 * The keys of Hugo, Jekyll, Astro, Eleventy, Gatsby, Ghost, Hexo and Docusaurus for each field, in the form of `plainKey`. If a
 * file has several of them, the first in this order counts.
 */
const keysOfFields: Readonly<Record<Field, readonly string[]>> = {
  title: ['title'],
  slug: ['slug'],
  permalink: ['permalink', 'url', 'path'],
  author: ['author', 'authors', 'primaryauthor'],
  series: ['series'],
  year: ['year'],
  tags: ['tags', 'tag'],
  categories: ['categories', 'category'],
  visibility: ['visibility'],
  status: ['status'],
  draft: ['draft', 'isdraft'],
  published: ['published'],
  publishedAt: [
    'publishedat',
    'publishdate',
    'publisheddate',
    'datepublished',
    'pubdatetime',
    'pubdate',
    'publicationdate',
    'date',
  ],
  license: ['license', 'licence'],
  excerpt: ['excerpt', 'customexcerpt', 'summary', 'description', 'metadescription'],
  lang: ['lang', 'language', 'locale'],
  cover: [
    'cover',
    'coverimage',
    'image',
    'featuredimage',
    'featureimage',
    'heroimage',
    'ogimage',
    'thumbnail',
    'banner',
  ],
  coverAlt: ['coveralt', 'coverimagealt', 'imagealt', 'featuredimagealt', 'featureimagealt', 'heroimagealt'],
  // Articles that are unlisted or hidden. Gatepost has no such state.
  withheld: ['unlisted', 'hidden', 'private', 'password', 'eleventyexcludefromcollections'],
}

const fieldsOfKeys: ReadonlyMap<string, Field> = new Map(
  Object.entries(keysOfFields).flatMap(([field, keys]) => keys.map((key) => [key, field as Field] as const)),
)

/** Normalises a key, so that `published_at`, `publishedAt` and `Published-At` are equal. */
const plainKey = (key: string): string => key.toLowerCase().replace(/[-_ ]/g, '')

/** A key of a file with its rank among the keys of the same field. */
interface KeyOfFile {
  readonly key: string
  /** Lower counts first. */
  readonly rank: number
}

/** Groups the keys of a file by their field. */
export function sortKeys(keys: Iterable<string>): {
  readonly known: ReadonlyMap<Field, readonly string[]>
  readonly unknown: readonly string[]
} {
  const known = new Map<Field, KeyOfFile[]>()
  const unknown: string[] = []
  for (const key of keys) {
    const plain = plainKey(key)
    const field = fieldsOfKeys.get(plain)
    if (field === undefined) unknown.push(key)
    else known.set(field, [...(known.get(field) ?? []), { key, rank: keysOfFields[field].indexOf(plain) }])
  }
  const inOrder = (found: readonly KeyOfFile[]) => found.toSorted((a, b) => a.rank - b.rank).map(({ key }) => key)
  return { known: new Map([...known].map(([field, found]) => [field, inOrder(found)])), unknown }
}

const restrictions =
  /^(access|audience|paywall|paid|premium|tiers?|plans?|requires|restricted|protected|gated|locked|(members?|subscribers?)(only)?)$/

/**
 * Returns whether an unknown key may be meant as `visibility`. Such a key is refused, because a misspelling must not make the article
 * public. Other unknown keys only cause a warning.
 */
export function isLikeVisibility(key: string): boolean {
  const plain = plainKey(key)
  return restrictions.test(plain) || distance(plain, 'visibility') <= 2
}

/** Returns the Levenshtein distance, or Infinity if the lengths differ by more than 3. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 3) return Infinity
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? Infinity
}
