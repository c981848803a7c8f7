import type { ApiClient, ApiQuery } from '../api/hooks.ts'
import { ArticleAccessDocument, type ArticleQuery } from '../api/operations.ts'
import { holdingsOperations, noteChange } from '../api/repeat-overtaken.ts'

// The refresh of a page after a change, or a possible change, of its reader's holdings.

/**
 * Refreshes the page after a change: repeats, in place, the queries on the page that depend on the holdings, and evicts the texts of other
 * pages from the cache. Queries under way are repeated as well, so that no stale answer replaces a newer one.
 */
export async function refreshAfterChange(client: ApiClient): Promise<void> {
  noteChange(client)
  evictOtherTexts(client)
  const asked = [...client.getObservableQueries('active')].filter(({ queryName }) => holdingsOperations.has(queryName))
  // An error is shown by the query's own state.
  await Promise.all(asked.map((query) => query.refetch().catch(() => undefined)))
}

/**
 * Checks for a change that may have happened while the page did not listen. It asks for the access of the articles on the page, which
 * costs a few bytes, and repeats the whole query only if the access differs.
 *
 * @param again whether the page listened before: the payment provider's data may have changed since
 */
export async function checkForMissedChange(client: ApiClient, again: boolean): Promise<void> {
  noteChange(client)
  const shown = [...client.getObservableQueries('active')]
  const articles = shown.filter(({ queryName }) => queryName === 'Article')
  const payments = again ? shown.filter(({ queryName }) => queryName === 'Billing') : []
  await Promise.all([
    ...articles.map((query) => refetchIfAccessChanged(client, query)),
    ...payments.map((query) => query.refetch()),
  ]).catch(() => undefined)
}

async function refetchIfAccessChanged(client: ApiClient, query: ApiQuery): Promise<void> {
  const shown = articleOf(query)
  // The query is under way. The change is noted, so it is repeated if necessary.
  if (!shown) return
  // Not cached: granted access without its text would look like a failure.
  const { data } = await client.query({
    query: ArticleAccessDocument,
    variables: { slug: shown.slug },
    fetchPolicy: 'no-cache',
  })
  const now = data?.article?.access
  const before = articleOf(query)?.access
  if (!data || !before) return
  if (now?.granted === before.granted && now.reason === before.reason && now.until === before.until) return
  await query.refetch()
}

const articleOf = (query: ApiQuery): ArticleQuery['article'] | undefined =>
  (query.getCurrentResult().data as ArticleQuery | undefined)?.article

/** Evicts the texts of articles that are not on the page. They may be locked now, and the next visit asks for them anyway. */
function evictOtherTexts(client: ApiClient): void {
  const { cache } = client
  const shown = new Set(
    [...client.getObservableQueries('active')].map((query) => articleOf(query)?.id).filter((id) => id !== undefined),
  )
  for (const key of Object.keys(cache.extract() as object)) {
    const [type, id] = key.split(':')
    if (type !== 'Article' || id === undefined || shown.has(id)) continue
    for (const fieldName of ['body', 'access']) cache.evict({ id: key, fieldName, broadcast: false })
  }
  cache.gc()
}
