import { GraphQLDateTime } from 'graphql-scalars'
import type { Resolvers } from './resolver-types.ts'

// Only what the library does: what it says of itself would replace our own description in the served schema.
const { name, serialize, parseValue, parseLiteral } = GraphQLDateTime

export const scalars: Resolvers = { DateTime: { name, serialize, parseValue, parseLiteral } as typeof GraphQLDateTime }
