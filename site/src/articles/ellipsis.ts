/** The end of a sentence in any script, with closing quotes and brackets. */
const sentenceEnd = /[\p{Sentence_Terminal}…][\p{Quotation_Mark}\p{Close_Punctuation}\p{Final_Punctuation}\s]*$/u
/** Scripts without spaces between words. */
const isUnspaced = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]\p{M}*$/u

/** Adds an ellipsis to an excerpt that does not end with a sentence. Excerpts are cut at the end of a word. */
export function withEllipsis(excerpt: string): string {
  if (sentenceEnd.test(excerpt)) return excerpt
  return `${excerpt}${isUnspaced.test(excerpt) ? '' : ' '}…`
}
