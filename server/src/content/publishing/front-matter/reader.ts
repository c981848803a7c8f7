import type { Block, Value } from './values.ts'
import { sortKeys, type Field } from './keys.ts'
import { nameFault } from './name-fault.ts'
import type { ProblemAt } from '../problems.ts'

/** The value of a field with the key that the file uses. */
export interface Found {
  readonly key: string
  readonly value: Value
  readonly line: number
}

/** Reads the fields of a front matter and collects problems and warnings. */
export interface Reader {
  readonly problems: ProblemAt[]
  readonly warnings: ProblemAt[]
  readonly unknownKeys: readonly string[]
  readonly valueOf: (key: string) => Value | undefined
  readonly lineOf: Block['lineOf']
  /** Returns the value of a field, or null if all its keys are missing or empty. */
  readonly find: (field: Field) => Found | null
  /** Returns the line of the field's first key, or 1 if there is none. */
  readonly lineOfField: (field: Field) => number
  /** Returns a field as text of one line, or null if it is missing or invalid. */
  readonly text: (field: Field, longest: number) => string | null
}

export function createReader(block: Block): Reader {
  const { known, unknown } = sortKeys(block.entries.keys())
  const problems: ProblemAt[] = []
  const warnings: ProblemAt[] = [...block.warnings]

  const remembered = new Map<Field, Found | null>()
  const find = (field: Field): Found | null => {
    const before = remembered.get(field)
    if (before !== undefined) return before
    const [first = null, ...others] = (known.get(field) ?? []).flatMap((key): Found[] => {
      const value = block.entries.get(key)
      return value === undefined || isEmpty(value) ? [] : [{ key, value, line: block.lineOf(key) }]
    })
    for (const { key, value, line } of others) {
      if (first === null || asOneLine(value) === asOneLine(first.value)) continue
      warnings.push({
        line,
        message: `${shownKey(key)} is ignored because ${shownKey(first.key)} is set`,
        oncePerRun: true,
      })
    }
    remembered.set(field, first)
    return first
  }
  return {
    problems,
    warnings,
    unknownKeys: unknown,
    valueOf: (key) => block.entries.get(key),
    lineOf: block.lineOf,
    find,
    lineOfField: (field) => block.lineOf(known.get(field)?.[0] ?? ''),
    text: (field, longest) => {
      const found = find(field)
      if (found === null) return null
      const text = asOneLine(found.value)
      const fault = text === null ? 'is not text' : textFault(text, longest)
      if (fault !== null) problems.push({ line: found.line, message: `${field}: ${fault}` })
      return fault === null ? text : null
    },
  }
}

/** Returns a description of the fault of a text of one line, or null. */
export function textFault(text: string, longest: number): string | null {
  return text.length > longest ? `is longer than ${longest} characters` : nameFault(text)
}

/** Returns a scalar as text of one line, or null for a list or a map. */
export const asOneLine = (value: Value | undefined): string | null =>
  typeof value === 'string' ? value.replace(/[\s]+/gu, ' ').trim() : null

const isEmpty = (value: Value): boolean =>
  typeof value === 'string' ? /^\s*(~|null)?\s*$/.test(value) : Array.isArray(value) && value.length === 0

/** Quotes a key for a message. Replaces unusual characters, because a file may have any key. */
export const shownKey = (key: string): string => `"${key.slice(0, 60).replace(/[^\p{L}\p{N} _.-]/gu, '?')}"`

/** Parses a boolean of YAML or TOML. Returns null for anything else. */
export function asBoolean(value: Value): boolean | null {
  const text = asOneLine(value)?.toLowerCase() ?? ''
  if (['true', 'yes', 'on', '1'].includes(text)) return true
  return ['false', 'no', 'off', '0'].includes(text) ? false : null
}
