import { parse, TomlDate, TomlError, type TomlValue } from 'smol-toml'
import type { Block, Value } from './values.ts'
import type { ProblemAt } from '../problems.ts'

/**
 * Parses the TOML of a front matter.
 *
 * @param firstLine the line of the file at which the text begins
 */
export function parseTomlBlock(text: string, firstLine: number): Block | ProblemAt[] {
  try {
    const entries = new Map(Object.entries(parse(text)).map(([key, value]) => [key, valueOf(value)]))
    return { entries, lineOf: (key) => lineOfKey(text, key, firstLine), warnings: [] }
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    // The first line of the message describes the fault. The others quote the file.
    const [message = ''] = error.message.split('\n')
    return [{ line: error.line + firstLine - 1, message: `front matter: ${message}` }]
  }
}

function valueOf(value: TomlValue): Value {
  if (value instanceof TomlDate) return value.toISOString()
  if (Array.isArray(value)) return value.map(valueOf)
  if (typeof value === 'object') return new Map(Object.entries(value).map(([key, inner]) => [key, valueOf(inner)]))
  return String(value)
}

/** Returns the line of a key. The parser reports no positions, so this searches for a line that begins with the key or its table. */
function lineOfKey(text: string, key: string, firstLine: number): number {
  const beginnings = [key, `"${key}"`, `'${key}'`, `[${key}]`, `[${key}.`, `[[${key}]]`, `${key}.`]
  const index = text.split('\n').findIndex((line) => {
    const trimmed = line.trimStart()
    return beginnings.some((beginning) => {
      const rest = trimmed.startsWith(beginning) ? trimmed.slice(beginning.length) : null
      return rest !== null && (/^[[.]|\.$/.test(beginning) || /^[ \t]*=/.test(rest))
    })
  })
  return index === -1 ? 1 : index + firstLine
}
