import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document, type YAMLError } from 'yaml'
import type { Block, Value } from './values.ts'
import type { ProblemAt } from '../problems.ts'

/** The limit of references. A few lines of nested references can expand to gigabytes. */
const mostReferences = 50

/**
 * Parses the YAML (or JSON) of a front matter. Keeps numbers, dates and booleans as text.
 *
 * @param firstLine the line of the file at which the text begins
 */
export function parseYamlBlock(text: string, firstLine: number): Block | ProblemAt[] {
  const lines = new LineCounter()
  const parsed = parse(text, lines)
  const repaired = parsed.errors.length > 0 ? quoteText(text, parsed.errors) : null
  const again = repaired === null ? null : { lines: new LineCounter(), ...repaired }
  const document = again === null ? parsed : parse(again.text, again.lines)
  const counter = again?.lines ?? lines
  const lineAt = (offset: number) => counter.linePos(offset).line + firstLine - 1

  const faults = [...document.errors, ...document.warnings]
  if (faults.length > 0) {
    return faults.map(({ pos, message }) => ({ line: lineAt(pos[0]), message: `front matter: ${message}` }))
  }
  if (document.contents === null) return { entries: new Map(), lineOf: () => 1, warnings: [] }
  if (!isMap(document.contents)) {
    return [{ line: firstLine - 1, message: 'has front matter that is not a list of `key: value`' }]
  }
  const values = unfold(document)
  if (values === null) {
    return [{ line: firstLine - 1, message: `front matter: has more than ${mostReferences} references (*name)` }]
  }
  return {
    entries: values,
    lineOf: (key, index) => {
      const offset = offsetOf(document, key, index)
      return offset === null ? 1 : lineAt(offset)
    },
    warnings: (again?.quoted ?? []).map((line) => ({
      line: line + firstLine - 1,
      message: 'front matter: the value is read as text; put it in quotes',
    })),
  }
}

const parse = (text: string, lineCounter: LineCounter): Document.Parsed =>
  parseDocument(text, { lineCounter, prettyErrors: false, stringKeys: true, schema: 'failsafe', logLevel: 'silent' })

/**
 * Quotes values that are invalid without quotes in YAML, such as `title: Part two: the garden` and `title: @home`. Valid files
 * are not changed.
 *
 * @returns the text with the same number of lines, and the numbers of the quoted lines from 1. Null if the errors are of other kinds
 */
function quoteText(text: string, errors: readonly YAMLError[]): { text: string; quoted: number[] } | null {
  const lines = text.split('\n')
  const starts = lines.reduce<number[]>((all, line) => [...all, (all.at(-1) ?? 0) + line.length + 1], [0])
  const quoted = new Set<number>()
  for (const { code, pos } of errors) {
    if (code !== 'BLOCK_AS_IMPLICIT_KEY' && code !== 'BAD_SCALAR_START') continue
    const index = starts.findLastIndex((start) => start <= pos[0])
    const [, key, value] = /^([\w-]+:[ \t]+)(?![|>[{"'])(\S.*)$/.exec(lines[index] ?? '') ?? []
    if (key === undefined || value === undefined || quoted.has(index + 1)) continue
    lines[index] = key + JSON.stringify(value.replace(/[ \t]+#.*$/, '').trimEnd())
    quoted.add(index + 1)
  }
  return quoted.size > 0 ? { text: lines.join('\n'), quoted: [...quoted] } : null
}

function unfold(document: Document): Map<string, Value> | null {
  try {
    return document.toJS({ mapAsMap: true, maxAliasCount: mostReferences }) as Map<string, Value>
  } catch (error) {
    // The library throws this for too many references.
    if (error instanceof ReferenceError) return null
    throw error
  }
}

function offsetOf(document: Document, key: string, index?: number): number | null {
  if (!isMap(document.contents)) return null
  const pair = document.contents.items.find(({ key: node }) => isScalar(node) && node.value === key)
  const entry = index === undefined ? undefined : document.getIn([key, index], true)
  const node = isNode(entry) ? entry : pair?.key
  return isNode(node) ? (node.range?.[0] ?? null) : null
}
