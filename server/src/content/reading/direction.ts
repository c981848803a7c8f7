export type TextDirection = 'LTR' | 'RTL' | 'AUTO'

/** Scripts that run from right to left, by ISO 15924. */
const rightToLeft: ReadonlySet<string> = new Set([
  ...['Adlm', 'Arab', 'Aran', 'Hebr', 'Mand', 'Mani', 'Mend', 'Nkoo', 'Rohg', 'Samr', 'Syrc', 'Thaa', 'Yezi'],
])

/**
 * Finds the direction of a language's script.
 *
 * @param lang BCP 47 tag; null or no tag: AUTO
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
