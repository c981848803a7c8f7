import { createHash } from 'node:crypto'
import type { ProblemAt } from './problems.ts'

/** Generous for a book's chapter; a file beyond it is not an article, and parsing it would hold the process up. */
export const largestSourceBytes = 2_000_000

/** Part of every hash: raise it when the same source renders to something else, and publishing again renders all anew. */
const rendererVersion = 3

/** An article's file after reading: its text with plain line ends, and its hash. */
export interface Source {
  readonly text: string
  readonly hash: string
}

/**
 * Decodes a file. Line ends do not count: a checkout on another system is the same article.
 *
 * @returns what is wrong with it when it is no text
 */
export function readSource(bytes: Uint8Array): Source | ProblemAt[] {
  if (bytes.byteLength > largestSourceBytes) {
    return [{ line: 1, message: `is larger than ${largestSourceBytes} bytes` }]
  }
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r\n?/g, '\n')
  } catch {
    return [{ line: 1, message: 'is not UTF-8 text' }]
  }
  const problems = text.split('\n').flatMap((line, index) => {
    const character = controlCharacterIn(line)
    return character === null ? [] : [{ line: index + 1, message: `contains the control character ${character}` }]
  })
  if (problems.length > 0) return problems
  return { text, hash: createHash('sha256').update(`${rendererVersion}\n${text}`).digest('hex') }
}

/** They steer the terminals that show them; PostgreSQL refuses the first of them. Half a surrogate pair is no character. */
export function controlCharacterIn(text: string): string | null {
  const found = /(?!\t)[\p{Cc}\p{Cs}]/u.exec(text)
  if (!found) return null
  return `U+${(found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}
