import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql'
import { CodedError } from '../lib/errors.ts'
import { deny, type AnyRule, type RuleMap } from '../lib/shield.ts'

// graphql-shield guards what resolves a field; a subscription is opened by `subscribe`, which it passes over. So the fields
// of the root type Subscription are guarded here, by the same rules, twice: when a stream opens, and before each event,
// which is judged anew with the context of that event.

/** What is wrong with the subscription fields at the start, beside a missing rule. */
export function findUnguardedSubscriptionFields(schema: GraphQLSchema): string[] {
  const fields = Object.entries(schema.getSubscriptionType()?.getFields() ?? {})
  return fields.filter(([, { subscribe }]) => !subscribe).map(([name]) => `${nameIn(schema, name)}: has no subscribe`)
}

/** Puts each subscription field's rule in front of it. Changes the schema that it is given. */
export function guardSubscriptions(schema: GraphQLSchema, rules: RuleMap): void {
  const type = schema.getSubscriptionType()
  for (const [name, field] of Object.entries(type?.getFields() ?? {})) {
    const rule = rules[type?.name ?? '']?.[name]
    if (!rule || !field.subscribe) throw new TypeError(`${nameIn(schema, name)} cannot be guarded`)
    field.subscribe = behind(rule, field.subscribe)
    field.resolve = behind(rule, field.resolve ?? defaultFieldResolver)
  }
}

const nameIn = (schema: GraphQLSchema, field: string): string =>
  `${schema.getSubscriptionType()?.name ?? 'Subscription'}.${field}`

type Resolver = GraphQLFieldResolver<unknown, unknown>

function behind(rule: AnyRule, resolver: Resolver): Resolver {
  return async (parent, args, context, info) => {
    // A rule that throws says no; the options are those that its library would hand it.
    const verdict: unknown = await rule.resolve(parent as object, args as object, context as never, info, ruleOptions)
    if (verdict === true) return resolver(parent, args, context, info)
    throw verdict instanceof Error ? verdict : new CodedError('FORBIDDEN', 'You may not subscribe to this.')
  }
}

/** What the library hands a rule that it runs itself. */
const ruleOptions: Parameters<AnyRule['resolve']>[4] = {
  debug: false,
  allowExternalErrors: false,
  fallbackRule: deny,
  hashFunction: () => '',
}
