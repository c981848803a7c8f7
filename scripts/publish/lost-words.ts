// For the tests of whole articles.

/** The words of a text, without marks and digits. */
const words = (text: string): string[] =>
  (text.match(/[\p{L}\p{M}\u200c]{3,}/gu) ?? []).map((word) => word.normalize('NFC'))

/**
 * Lists the words of an article's paragraphs that its HTML does not show: without front matter, code, formulas, addresses and the
 * names of other systems' syntax.
 */
export function lostWords(source: string, html: string): string[] {
  const written = source
    .replace(/^(---|\+\+\+)\n[\s\S]*?\n\1\n/, '')
    .replace(
      /```[\s\S]*?```|\$\$[\s\S]*?\$\$|\$[^$\n]+\$|<!--[\s\S]*?-->|<rt>.*?<\/rt>|\{\/\*.*?\*\/\}|\{[#.:].*?\}|<[^>]*>|\]\([^)]*\)/g,
      ' ',
    )
    .replace(/^\* TOC$|^:::\w*|\[!\w+\]|\[\^\w+\]|:[a-z]+:|^\*\[[A-Z]+\].*$|\[\[[^\]|]*\||`[^`]*`/gm, ' ')
  const shown = html
    .replace(/<rt>.*?<\/rt>|<(?!\/?(?:abbr|sub|sup|bdi|ruby|del))[^>]*>|&#x[0-9A-F]+;/g, ' ')
    .replace(/<[^>]*>/g, '')
  const known = new Set(words(shown))
  return words(written).filter((word) => !known.has(word) && !shown.includes(word))
}
