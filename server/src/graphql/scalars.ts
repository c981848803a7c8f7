import { GraphQLDateTime } from 'graphql-scalars'
import type { Resolvers } from './resolver-types.ts'

export const scalars: Resolvers = { DateTime: GraphQLDateTime }
