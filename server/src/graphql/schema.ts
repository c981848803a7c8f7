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

/** The rooms with a schema.graphql. Each exports resolvers and rules. */
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

/** Builds the schema without rules, for tests that remove a rule. */
export function buildBareSchema(): GraphQLSchema {
  return makeExecutableSchema({
    typeDefs: rooms.map((room) => readFileSync(path.join(import.meta.dirname, '..', room, 'schema.graphql'), 'utf8')),
    resolvers,
    resolverValidationOptions: { requireResolversToMatchSchema: 'error' },
  })
}

/** Builds the schema with its rules. @throws UnguardedError if a field has no rule, which prevents the start */
export function buildSchema(): GraphQLSchema {
  return guardSchema(buildBareSchema(), rules)
}
