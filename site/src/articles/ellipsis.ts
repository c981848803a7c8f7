/** The end of a sentence in any script, with what closes after it: quotes and brackets. */
const sentenceEnd = /[\p{Sentence_Terminal}…][\p{Quotation_Mark}\p{Close_Punctuation}\p{Final_Punctuation}\s]*$/u
/** Scripts that put no space between words. */
const isUnspaced = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]\p{M}*$/u

/** An excerpt is cut at a word's end: says that it goes on, unless it ends as a sentence does. */
export function withEllipsis(excerpt: string): string {
  if (sentenceEnd.test(excerpt)) return excerpt
  return `${excerpt}${isUnspaced.test(excerpt) ? '' : ' '}…`
}
