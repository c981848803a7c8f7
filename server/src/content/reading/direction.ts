export type TextDirection = 'LTR' | 'RTL' | 'AUTO'

/** Scripts that run from right to left, by ISO 15924. */
const rightToLeft: ReadonlySet<string> = new Set([
  ...['Adlm', 'Arab', 'Aran', 'Hebr', 'Mand', 'Mani', 'Mend', 'Nkoo', 'Rohg', 'Samr', 'Syrc', 'Thaa', 'Yezi'],
])

/**
 * Returns the direction of a language's script.
 *
 * @param lang a BCP 47 tag. AUTO for null or an invalid tag
 */
export function directionOf(lang: string | null): TextDirection {
  try {
    if (lang === null) return 'AUTO'
    const { script } = new Intl.Locale(lang).maximize()
    return script === undefined ? 'AUTO' : rightToLeft.has(script) ? 'RTL' : 'LTR'
  } catch {
    return 'AUTO'
  }
}
