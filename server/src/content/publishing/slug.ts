/** In bytes of UTF-8: a slug names a folder of the built site, and file systems take 255 bytes. */
export const longestSlug = 200

const encoder = new TextEncoder()

/** Letters that Unicode does not take apart into a base letter and a mark. */
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
 * Makes the slug of a name: lower case, NFC, words joined by single hyphens.
 *
 * Latin letters lose their marks. Letters, marks and digits of all other scripts stay. Apostrophes and invisible characters
 * are dropped. `C++` and `C#` get a word for their sign, so that they differ from `C`.
 *
 * @returns the empty string when the name has no letter and no digit
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
      // A mark without a letter before it would change the hyphen.
      .replace(/(^|-)\p{M}+/gu, '$1')
      .replace(/-{2,}/g, '-')
      .replace(/^-|-$/g, '')
      .normalize('NFC')
  )
}

/** Whether a text is a slug as it stands. */
export const isSlug = (text: string): boolean => text !== '' && slugify(text) === text && isShortEnough(text)

/** Percent-encoded it must also fit into a return address, which takes 500 characters. */
const longestEncodedSlug = 450

export const isShortEnough = (slug: string): boolean =>
  encoder.encode(slug).byteLength <= longestSlug && encodeURIComponent(slug).length <= longestEncodedSlug

/** Cuts a slug to the allowed length, between two words where there are some. */
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

/** What the name of a file says of its article. */
export interface NamedByFile {
  /** The empty string when the name has no letter and no digit. */
  readonly slug: string
  /** `2024-05-01` of `2024-05-01-title.md`, as Jekyll and Docusaurus name posts. */
  readonly day: string | null
  /** It lies in a folder `_drafts`, as Jekyll has them. */
  readonly isDraft: boolean
}

/**
 * Reads the name of a file: `posts/2024-05-01-title.md`, or `title/index.md`, which is named after its folder, and so is Hugo's
 * translation of it, `title/index.fr.md`.
 */
export function namedByFile(path: string): NamedByFile {
  const parts = path.split(/[/\\]/).filter((part) => part !== '' && part !== '.' && part !== '..')
  const file = (parts.at(-1) ?? '').replace(/\.[^.]*$/, '')
  const [isIndex, language = ''] = /^index(\.[a-z]{2,3}(?:-[a-z\d]+)*)?$/i.exec(file) ?? []
  const name = isIndex === undefined ? file : `${parts.at(-2) ?? ''}${language}`
  const [, day = null, rest = name] = /^(\d{4}-\d{2}-\d{2})[-_](.+)$/.exec(name) ?? []
  return { slug: shortened(slugify(rest)), day, isDraft: parts.includes('_drafts') }
}
