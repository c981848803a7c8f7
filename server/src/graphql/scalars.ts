import { GraphQLDateTime } from 'graphql-scalars'
import type { Resolvers } from './resolver-types.ts'

// Without the library's description, which would replace the one in schema.graphql.
const { name, serialize, parseValue, parseLiteral } = GraphQLDateTime

export const scalars: Resolvers = { DateTime: { name, serialize, parseValue, parseLiteral } as typeof GraphQLDateTime }
