/**
 * Parses a language tag in the forms that blogs use: `en`, `zh_CN`, `pt-br`.
 *
 * @returns the canonical BCP 47 tag, or null for a malformed tag
 */
export function parseLanguage(text: string): string | null {
  try {
    const [tag = null] = Intl.getCanonicalLocales(text.replaceAll('_', '-'))
    // `english` is well-formed but not a language.
    return tag !== null && tag.length <= 35 && /^[a-z]{2,3}(-|$)/.test(tag) ? tag : null
  } catch {
    return null
  }
}
