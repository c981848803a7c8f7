/**
 * Reads a language tag as blogs write it: `en`, `zh_CN`, `pt-br`.
 *
 * @returns the canonical BCP 47 tag, or null for what is none
 */
export function parseLanguage(text: string): string | null {
  try {
    const [tag = null] = Intl.getCanonicalLocales(text.replaceAll('_', '-'))
    // `english` is well-formed and no language.
    return tag !== null && tag.length <= 35 && /^[a-z]{2,3}(-|$)/.test(tag) ? tag : null
  } catch {
    return null
  }
}
