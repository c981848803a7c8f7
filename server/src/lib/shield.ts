import { createRequire } from 'node:module'
import type * as Library from 'graphql-shield'

// The ESM build of graphql-shield cannot be imported on Node 23 and later. Its CommonJS build can, but there `chain` and `race` always
// deny, so they are not exported. Combine conditions inside one rule.
const load = createRequire(import.meta.url)
const library = load('graphql-shield') as typeof Library

export const shield: typeof Library.shield = library.shield
export const rule: typeof Library.rule = library.rule
/** Denies everybody. The fallback for fields without a rule. */
export const deny: AnyRule = library.deny as unknown as AnyRule
/** Allows everybody. It is set for each field by name, so that a new field is closed until it gets a rule. */
export const allow: AnyRule = library.allow as unknown as AnyRule

export type AnyRule = ReturnType<ReturnType<typeof Library.rule>>
/** Rules by type and field: `RuleMap.Article.body`. */
export type RuleMap = Readonly<Record<string, Readonly<Record<string, AnyRule>>>>
