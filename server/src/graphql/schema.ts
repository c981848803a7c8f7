import { readFileSync } from 'node:fs'
import path from 'node:path'
import { makeExecutableSchema } from '@graphql-tools/schema'
import type { GraphQLSchema } from 'graphql'
import { billingResolvers, billingRules } from '../billing/index.ts'
import { catalogueResolvers, catalogueRules } from '../catalogue/index.ts'
import { contentResolvers, contentRules } from '../content/index.ts'
import { allow, type RuleMap } from '../lib/shield.ts'
import { membersResolvers, membersRules } from '../members/index.ts'
import { membershipResolvers, membershipRules } from '../membership/index.ts'
import { guardSchema } from './permissions.ts'
import type { Resolvers } from './resolver-types.ts'
import { scalars } from './scalars.ts'

/** The rooms that have a schema.graphql, each with what resolves and what guards its fields. */
const rooms = ['graphql', 'members', 'catalogue', 'membership', 'billing', 'content']
const resolvers = [
  scalars,
  billingResolvers,
  catalogueResolvers,
  contentResolvers,
  membersResolvers,
  membershipResolvers,
] satisfies Resolvers[]
const rules: readonly RuleMap[] = [
  billingRules,
  catalogueRules,
  contentRules,
  membersRules,
  membershipRules,
  { PageInfo: { hasNextPage: allow, hasPreviousPage: allow, startCursor: allow, endCursor: allow } },
]

/** The schema before its rules: for tests that take a rule away. */
export function buildBareSchema(): GraphQLSchema {
  return makeExecutableSchema({
    typeDefs: rooms.map((room) => readFileSync(path.join(import.meta.dirname, '..', room, 'schema.graphql'), 'utf8')),
    resolvers,
    resolverValidationOptions: { requireResolversToMatchSchema: 'error' },
  })
}

/** The schema as served. @throws UnguardedError when a field has no rule: the server must not start */
export function buildSchema(): GraphQLSchema {
  return guardSchema(buildBareSchema(), rules)
}
