import type { ApolloServerOptions } from '@apollo/server'
import type { DocumentNode } from 'graphql'
import { LRUCache } from 'lru-cache'

/**
 * The total length of the cached queries, in characters. The site's own queries have about 20,000. Parsed, a character takes about 150
 * bytes of memory, because the parser keeps each token as an object.
 */
const mostCharacters = 100_000

/**
 * Creates a cache of parsed and validated queries.
 *
 * Apollo's default cache measures a document by its JSON, which is a tenth of its size in memory. Queries that differ only in a name
 * could fill several hundred megabytes.
 */
export function createDocumentStore(
  characters = mostCharacters,
): NonNullable<ApolloServerOptions<object>['documentStore']> {
  const documents = new LRUCache<string, DocumentNode>({
    maxSize: characters,
    sizeCalculation: ({ loc }) => Math.max(1, loc?.source.body.length ?? characters),
  })
  return {
    get: async (key) => documents.get(key),
    set: async (key, document) => void documents.set(key, document),
    delete: async (key) => documents.delete(key),
  }
}
