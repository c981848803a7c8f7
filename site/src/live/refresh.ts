import type { ApiClient, ApiQuery } from '../api/hooks.ts'
import { ArticleAccessDocument, type ArticleQuery } from '../api/operations.ts'
import { dependent, noteChange } from '../api/repeat-overtaken.ts'

// What a page does when what its reader holds has changed, or may have.

/**
 * Something changed: asks again, in place, for all that is shown and depends on it; what was opened elsewhere and is kept in
 * memory is forgotten. What is under way is asked again too, so that no late answer stands over a newer one.
 */
export async function refreshAfterChange(client: ApiClient): Promise<void> {
  noteChange(client)
  forgetReadings(client)
  const asked = [...client.getObservableQueries('active')].filter(({ queryName }) => dependent.has(queryName))
  // What fails shows in the query's own state.
  await Promise.all(asked.map((query) => query.refetch().catch(() => undefined)))
}

/**
 * Nothing is known to have changed, but something may have before we began to listen: looks whether the articles on the page are
 * still open as they were, which costs a few bytes, and asks for them whole only where they are not.
 *
 * @param again the page listened before: what the payment provider knows may have changed since
 */
export async function recheck(client: ApiClient, again: boolean): Promise<void> {
  noteChange(client)
  const shown = [...client.getObservableQueries('active')]
  const articles = shown.filter(({ queryName }) => queryName === 'Article')
  const payments = again ? shown.filter(({ queryName }) => queryName === 'Billing') : []
  await Promise.all([
    ...articles.map((query) => recheckArticle(client, query)),
    ...payments.map((query) => query.refetch()),
  ]).catch(() => undefined)
}

async function recheckArticle(client: ApiClient, query: ApiQuery): Promise<void> {
  const shown = articleOf(query)
  // Under way: it was noted above, and is asked again if need be.
  if (!shown) return
  // Not into the cache: an access without its text would be shown as one that failed.
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

/** Texts that are not on the page: what opened them may be gone, and on the next visit it is asked for anyway. */
function forgetReadings(client: ApiClient): void {
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
