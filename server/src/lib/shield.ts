import { createRequire } from 'node:module'
import type * as Library from 'graphql-shield'

// Its ESM build does not import on Node 23 and later; the CommonJS build does, everywhere. There `chain` and `race` deny
// always, so they are not handed on: compose inside one rule.
const load = createRequire(import.meta.url)
const library = load('graphql-shield') as typeof Library

export const shield: typeof Library.shield = library.shield
export const rule: typeof Library.rule = library.rule
/** Closed to everybody: what no rule names. */
export const deny: AnyRule = library.deny as unknown as AnyRule
/** Open to whoever asks. Said of each field by name, so that a new field is closed until somebody decided. */
export const allow: AnyRule = library.allow as unknown as AnyRule

export type AnyRule = ReturnType<ReturnType<typeof Library.rule>>
/** The rules of some types' fields: `RuleMap.Article.body`. */
export type RuleMap = Readonly<Record<string, Readonly<Record<string, AnyRule>>>>
