import { randomUUID } from 'node:crypto'
import type { ApolloServer } from '@apollo/server'
import type { Context } from './context-types.ts'
import { createContext, type ContextServices } from './context.ts'

/** What pages ask most. It comes by every layer: parsing, the shield, decisions, SQL. */
const list = `{
  articles(first: 20) {
    nodes { slug title publishedAt author { name } tags { name } access { granted reason } }
    pageInfo { hasNextPage endCursor }
  }
}`
const article = `query WarmUp($slug: String!) {
  article(slug: $slug) { title preview author { name } tags { name } access { granted reason } }
}`

/** After about so many answers the compiler has seen what is used most. */
const rounds = 15
/** As many at a time as connections that are made ahead of the first readers. */
const atATime = 4

/**
 * Answers an anonymous reader's queries for nobody, so that the first readers do not wait for connections, for compilation, and for each
 * other. It ends early when an answer fails: the database may have gone.
 *
 * @param until ends it after the answers that are under way
 * @returns the answers that were good
 */
export async function warmUp(
  apollo: ApolloServer<Context>,
  services: ContextServices,
  until: AbortSignal,
): Promise<number> {
  let good = 0
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
    if (body.singleResult.errors === undefined) good += 1
    else failed = true
    return body.singleResult.data
  }
  for (let round = 0; round < rounds && !failed && !until.aborted; round += 1) {
    await Promise.all(
      Array.from({ length: atATime }, async () => {
        const data = (await ask(list)) as { articles?: { nodes: { slug: string }[] } } | null
        const slug = data?.articles?.nodes[round % data.articles.nodes.length]?.slug
        if (slug !== undefined) await ask(article, { slug })
      }),
    )
  }
  return good
}
