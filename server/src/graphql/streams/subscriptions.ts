import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql'
import { CodedError } from '../../lib/errors.ts'
import { deny, type AnyRule, type RuleMap } from '../../lib/shield.ts'

// graphql-shield guards `resolve` but not `subscribe`, which opens a subscription. This file applies the rules of the type Subscription
// to both: when a stream opens, and before each event, with the context of that event.

/** Returns subscription fields without a `subscribe` function, which could not be guarded. */
export function findUnguardedSubscriptionFields(schema: GraphQLSchema): string[] {
  const fields = Object.entries(schema.getSubscriptionType()?.getFields() ?? {})
  return fields.filter(([, { subscribe }]) => !subscribe).map(([name]) => `${nameIn(schema, name)}: has no subscribe`)
}

/** Applies the rules to the subscription fields of a schema, in place. */
export function guardSubscriptions(schema: GraphQLSchema, rules: RuleMap): void {
  const type = schema.getSubscriptionType()
  for (const [name, field] of Object.entries(type?.getFields() ?? {})) {
    const rule = rules[type?.name ?? '']?.[name]
    if (!rule || !field.subscribe) throw new TypeError(`${nameIn(schema, name)} cannot be guarded`)
    field.subscribe = withRule(rule, field.subscribe)
    field.resolve = withRule(rule, field.resolve ?? defaultFieldResolver)
  }
}

const nameIn = (schema: GraphQLSchema, field: string): string =>
  `${schema.getSubscriptionType()?.name ?? 'Subscription'}.${field}`

type Resolver = GraphQLFieldResolver<unknown, unknown>

function withRule(rule: AnyRule, resolver: Resolver): Resolver {
  return async (parent, args, context, info) => {
    // A rule that throws denies, because the resolver does not run.
    const verdict: unknown = await rule.resolve(parent as object, args as object, context as never, info, ruleOptions)
    if (verdict === true) return resolver(parent, args, context, info)
    throw verdict instanceof Error ? verdict : new CodedError('FORBIDDEN', 'You may not subscribe to this.')
  }
}

/** The options with which graphql-shield calls a rule. */
const ruleOptions: Parameters<AnyRule['resolve']>[4] = {
  debug: false,
  allowExternalErrors: false,
  fallbackRule: deny,
  hashFunction: () => '',
}
