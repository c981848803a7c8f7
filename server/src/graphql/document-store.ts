import type { ApolloServerOptions } from '@apollo/server'
import type { DocumentNode } from 'graphql'
import { LRUCache } from 'lru-cache'

/**
 * Characters of the queries that are remembered as parsed and checked. The site's own are about 20,000. A character takes about 150 bytes
 * of memory: the parser keeps each of its tokens as an object.
 */
const mostCharacters = 100_000

/**
 * Remembers queries that were parsed and checked.
 *
 * Apollo's own store counts the JSON of a document, a tenth of the memory that it takes: strangers' queries, each another by a name,
 * would take several hundred megabytes.
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
