import { controlCharacterIn } from '../source.ts'

/** Bidirectional embeddings, overrides and isolates. They display a text in another order than the stored one. */
const reordering = /[\u202a-\u202e\u2066-\u2069]/u

/** A visible character: not white space, a control character or an ignorable one. */
const visible = /(?![\p{Default_Ignorable_Code_Point}\u2800])[^\p{C}\p{Z}]/u

/**
 * Checks a text that readers see as a name, such as a title, an author or a tag.
 *
 * @returns a description of the fault, or null
 */
export function nameFault(text: string): string | null {
  if (controlCharacterIn(text) !== null) return 'contains a control character'
  if (reordering.test(text)) return 'contains a bidirectional override, which reorders the text around it'
  return visible.test(text) ? null : 'has no visible character'
}
