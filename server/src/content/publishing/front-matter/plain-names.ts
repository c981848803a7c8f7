import { controlCharacterIn } from '../source.ts'

/** Embeddings, overrides and isolates: they show a text in another order than it is stored in. */
const reordering = /[\u202a-\u202e\u2066-\u2069]/u

/** Any character that leaves ink: no white space, no control, nothing that is ignored when it is shown. */
const visible = /(?![\p{Default_Ignorable_Code_Point}\u2800])[^\p{C}\p{Z}]/u

/**
 * Finds what is wrong with a text of one line that readers see as a name: a title, an author, a tag.
 *
 * @returns the fault for people, or null
 */
export function nameFault(text: string): string | null {
  if (controlCharacterIn(text) !== null) return 'contains a control character'
  if (reordering.test(text)) return 'contains a bidirectional override, which reorders the text around it'
  return visible.test(text) ? null : 'has no visible character'
}
