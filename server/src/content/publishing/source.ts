import { createHash } from 'node:crypto'
import type { ProblemAt } from './problems.ts'

/** More than a chapter of a book. A larger file is not an article and would block the process. */
export const largestSourceBytes = 2_000_000

/** Part of every hash. Raise it when the renderer's output changes, so that the next publication renders all articles again. */
const rendererVersion = 3

/** The text of an article's file, with `\n` as line end, and its hash. */
interface Source {
  readonly text: string
  readonly hash: string
}

/**
 * Decodes a file. Normalises line ends, so that a checkout on another system has the same hash.
 *
 * @returns the text and its hash, or the problems of a file that is not text
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

/**
 * Finds a control character or a lone surrogate, and returns its code point. Control characters affect terminals, and PostgreSQL
 * refuses NUL.
 */
export function controlCharacterIn(text: string): string | null {
  const found = /(?!\t)[\p{Cc}\p{Cs}]/u.exec(text)
  if (!found) return null
  return `U+${(found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}
