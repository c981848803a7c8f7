/** In bytes of UTF-8. A slug names a folder of the built site, and file systems allow 255 bytes. */
export const longestSlug = 200

const encoder = new TextEncoder()

/** Letters that Unicode does not decompose into a base letter and a mark. */
const foldedLetters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ı: 'i',
}

/**
 * Converts a name to a slug: lower case, NFC, words joined by single hyphens.
 *
 * Removes the marks of Latin letters. Keeps letters, marks and digits of other scripts. Drops apostrophes and invisible characters.
 * Replaces the signs of `C++` and `C#` by words, so that the slugs differ from `c`.
 *
 * @returns the empty string if the name has no letter and no digit
 */
export function slugify(name: string): string {
  return (
    name
      .normalize('NFKD')
      .toLowerCase()
      .normalize('NFKD')
      // In other scripts a mark is part of the letter: й, が, ที่.
      .replace(/(\p{Script=Latin})\p{M}+/gu, '$1')
      .replace(/[ßæœøđðþłı]/g, (letter) => foldedLetters[letter] ?? '')
      .replace(/(?<=[\p{L}\p{N}])\++(?![\p{L}\p{N}])/gu, (signs) => '-plus'.repeat(Math.min(signs.length, 3)))
      .replace(/(?<=[\p{L}\p{N}])#(?![\p{L}\p{N}])/gu, '-sharp')
      .replace(/['’ʼ׳״\u0640]|\p{Default_Ignorable_Code_Point}/gu, '')
      .replace(/[^\p{L}\p{N}\p{M}]+/gu, '-')
      // A mark without a letter would combine with the hyphen.
      .replace(/(^|-)\p{M}+/gu, '$1')
      .replace(/-{2,}/g, '-')
      .replace(/^-|-$/g, '')
      .normalize('NFC')
  )
}

/** Returns whether a text is a valid slug. */
export const isSlug = (text: string): boolean => text !== '' && slugify(text) === text && isShortEnough(text)

/** A percent-encoded slug must fit into a return address, which may have 500 characters. */
const longestEncodedSlug = 450

export const isShortEnough = (slug: string): boolean =>
  encoder.encode(slug).byteLength <= longestSlug && encodeURIComponent(slug).length <= longestEncodedSlug

/** Shortens a slug to the allowed length, between two words if possible. */
export function shortened(slug: string): string {
  if (isShortEnough(slug)) return slug
  let cut = ''
  for (const character of slug) {
    if (!isShortEnough(cut + character)) break
    cut += character
  }
  const end = cut.lastIndexOf('-')
  return end > cut.length / 2 ? cut.slice(0, end) : cut
}

/** The fields that the path of a file provides. */
interface NamedByFile {
  /** Empty if the name has no letter and no digit. */
  readonly slug: string
  /** `2024-05-01` of `2024-05-01-title.md`, as Jekyll and Docusaurus name posts. */
  readonly day: string | null
  /** Whether the file is in a folder `_drafts`, as in Jekyll. */
  readonly isDraft: boolean
}

/**
 * Parses the path of a file, such as `posts/2024-05-01-title.md`. A file `title/index.md`, or Hugo's translation
 * `title/index.fr.md`, is named after its folder.
 */
export function namedByFile(path: string): NamedByFile {
  const parts = path.split(/[/\\]/).filter((part) => part !== '' && part !== '.' && part !== '..')
  const file = (parts.at(-1) ?? '').replace(/\.[^.]*$/, '')
  const [isIndex, language = ''] = /^index(\.[a-z]{2,3}(?:-[a-z\d]+)*)?$/i.exec(file) ?? []
  const name = isIndex === undefined ? file : `${parts.at(-2) ?? ''}${language}`
  const [, day = null, rest = name] = /^(\d{4}-\d{2}-\d{2})[-_](.+)$/.exec(name) ?? []
  return { slug: shortened(slugify(rest)), day, isDraft: parts.includes('_drafts') }
}
