import { randomUUID } from 'node:crypto'
import type { ApolloServer } from '@apollo/server'
import type { Context } from './context-types.ts'
import { createContext, type ContextServices } from './context.ts'

/** The most frequent queries of the site. They use every layer: parsing, rules, decisions, SQL. */
const list = `{
  articles(first: 20) {
    nodes { slug title publishedAt author { name } tags { name } access { granted reason } }
    pageInfo { hasNextPage endCursor }
  }
}`
const article = `query WarmUp($slug: String!) {
  article(slug: $slug) { title preview author { name } tags { name } access { granted reason } }
}`

/** Enough for the JavaScript engine to compile the most frequent code. */
const rounds = 15
/** Also the number of database connections that are opened ahead of the first request. */
const concurrency = 4

/**
 * Executes typical queries of an anonymous reader before the server listens, so that the first readers do not wait for connections and
 * compilation. It ends early if a query fails, because the database may be unavailable.
 *
 * @param until aborts the warm-up after the queries in progress
 * @returns the number of successful queries
 */
export async function warmUp(
  apollo: ApolloServer<Context>,
  services: ContextServices,
  until: AbortSignal,
): Promise<number> {
  let succeeded = 0
  let failed = false
  const ask = async (query: string, variables: Record<string, unknown> = {}): Promise<unknown> => {
    const contextValue = createContext(services, {
      id: randomUUID(),
      identity: null,
      fetchProfile: () => Promise.reject(new Error('the warm-up has no token')),
      charge: () => Promise.resolve({ allowed: true, retryAfterSeconds: 0 }),
      onFailure: () => (failed = true),
    })
    const { body } = await apollo.executeOperation({ query, variables }, { contextValue })
    if (body.kind !== 'single') return null
    if (body.singleResult.errors === undefined) succeeded += 1
    else failed = true
    return body.singleResult.data
  }
  for (let round = 0; round < rounds && !failed && !until.aborted; round += 1) {
    await Promise.all(
      Array.from({ length: concurrency }, async () => {
        const data = (await ask(list)) as { articles?: { nodes: { slug: string }[] } } | null
        const slug = data?.articles?.nodes[round % data.articles.nodes.length]?.slug
        if (slug !== undefined) await ask(article, { slug })
      }),
    )
  }
  return succeeded
}
