export const longestSlug = 200
/** The same rule as the database's `article_slug_form`. */
export const slugForm = /^[a-z0-9]+(-[a-z0-9]+)*$/

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
 * The name as it stands in addresses: lower case, letters without their marks, apostrophes dropped, everything else a hyphen.
 *
 * @returns the empty string when the name has no letter or digit that can be folded to ASCII
 */
export function slugify(name: string): string {
  return name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[\p{M}'’ʼ]/gu, '')
    .replace(/[ßæœøđðþłı]/g, (letter) => foldedLetters[letter] ?? '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
}
