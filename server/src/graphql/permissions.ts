import {
  defaultFieldResolver,
  isAbstractType,
  isIntrospectionType,
  isNonNullType,
  isObjectType,
  type GraphQLSchema,
} from 'graphql'
import { applyMiddleware } from 'graphql-middleware'
import { CodedError } from '../lib/errors.ts'
import { allow, deny, shield, type AnyRule, type RuleMap } from '../lib/shield.ts'
import { findUnguardedSubscriptionFields, guardSubscriptions } from './streams/subscriptions.ts'

/** Some fields have no rule or an invalid one. The server does not start. */
export class UnguardedError extends Error {
  readonly fields: readonly string[]

  constructor(fields: readonly string[]) {
    super(
      `The server cannot start because its permission rules have errors:\n${fields.map((field) => `  - ${field}`).join('\n')}`,
    )
    this.name = 'UnguardedError'
    this.fields = fields
  }
}

/**
 * Applies the rules to all fields of the schema with graphql-shield. Fields without a rule are denied, but the server does not start
 * with such a field: each must have a rule by name.
 *
 * @throws UnguardedError that names every field without a rule, and every gated field that is not nullable
 */
export function guardSchema(schema: GraphQLSchema, maps: readonly RuleMap[]): GraphQLSchema {
  const rules = mergeRules(maps)
  const problems = findProblems(schema, rules)
  if (problems.length > 0) throw new UnguardedError(problems)

  const generated = shield(rules, { fallbackRule: deny, fallbackError: keepCodes }).generate(schema) as FieldMiddlewares
  const guarded = applyMiddleware(schema, withoutOpenFields(generated, gatedFields(schema, rules)))
  guardSubscriptions(guarded, rules)

  refuseBare(schema, guarded, rules)
  return guarded
}

type FieldMiddlewares = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** Merges the rooms' rules, which extend the same types (`Query`). @throws UnguardedError for a field with two rules */
function mergeRules(maps: readonly RuleMap[]): Record<string, Record<string, AnyRule>> {
  const merged: Record<string, Record<string, AnyRule>> = {}
  for (const [type, fields] of maps.flatMap((map) => Object.entries(map))) {
    const known = (merged[type] ??= {})
    for (const [field, rule] of Object.entries(fields)) {
      if (field in known) throw new UnguardedError([`${type}.${field}: has two rules`])
      known[field] = rule
    }
  }
  return merged
}

/** Finds mistakes that graphql-shield accepts: missing rules, wildcards, rules on abstract types, gated fields that are non-null. */
function findProblems(schema: GraphQLSchema, rules: RuleMap): string[] {
  const problems = findUnguardedSubscriptionFields(schema)
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || isIntrospectionType(type)) continue
    for (const [name, field] of Object.entries(type.getFields())) {
      const rule = rules[type.name]?.[name]
      if (!isRule(rule)) problems.push(`${type.name}.${name}: has no rule`)
      else if (rule !== allow && isNonNullType(field.type)) {
        problems.push(`${type.name}.${name}: has a rule and is non-null; a refusal would make its parent null`)
      }
    }
  }
  for (const [typeName, fields] of Object.entries(rules)) {
    const type = schema.getType(typeName)
    if (isAbstractType(type))
      problems.push(`${typeName}: rules on an interface or a union have no effect; add rules to its types`)
    for (const field of Object.keys(fields)) {
      if (!isObjectType(type) || !(field in type.getFields()))
        problems.push(`${typeName}.${field}: has a rule and does not exist`)
    }
  }
  return problems
}

const isRule = (value: unknown): boolean => typeof value === 'object' && value !== null && 'resolve' in value

/**
 * Refuses gated fields whose resolver is unchanged or the default one, because graphql-shield did not guard them.
 *
 * @throws UnguardedError
 */
export function refuseBare(before: GraphQLSchema, after: GraphQLSchema, rules: RuleMap): void {
  const bare = gatedFields(before, rules).filter(([type, field]) => {
    const open: unknown[] = [undefined, defaultFieldResolver, resolverOf(before, type, field)]
    return open.includes(resolverOf(after, type, field))
  })
  if (bare.length === 0) return
  throw new UnguardedError(bare.map(([type, field]) => `${type}.${field}: its rule was not applied`))
}

/** Returns the gated fields, except subscriptions, which graphql-shield cannot guard (subscriptions.ts). */
const gatedFields = (schema: GraphQLSchema, rules: RuleMap): [string, string][] =>
  Object.entries(rules).flatMap(([type, fields]) =>
    Object.entries(fields)
      .filter(([, rule]) => rule !== allow && type !== schema.getSubscriptionType()?.name)
      .map(([field]): [string, string] => [type, field]),
  )

/** Removes the guards of fields with the rule `allow`. They create a promise for each field, which takes most of the time of a list. */
function withoutOpenFields(
  generated: FieldMiddlewares,
  gated: readonly [string, string][],
): Record<string, Record<string, never>> {
  const kept: Record<string, Record<string, never>> = {}
  for (const [type, field] of gated) (kept[type] ??= {})[field] = generated[type]?.[field] as never
  return kept
}

function resolverOf(schema: GraphQLSchema, typeName: string, field: string): unknown {
  const type = schema.getType(typeName)
  return isObjectType(type) ? type.getFields()[field]?.resolve : undefined
}

/** Keeps the errors of guarded resolvers, which graphql-shield replaces by "Not Authorised!". `formatError` masks uncoded ones. */
function keepCodes(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new CodedError('FORBIDDEN', 'You may not read this.')
}
