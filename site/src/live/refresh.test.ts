import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeEach, expect, test } from '@jest/globals'
import { ArticleDocument } from '../api/operations.ts'

/** Whether the reader holds a plan that opens all articles, and until when. */
let granted = true
let until = '2026-03-05T10:00:00.000Z'
let asked: string[] = []

const articleOf = (slug: string, whole: boolean) => ({
  __typename: 'Article',
  id: `id-${slug}`,
  access: {
    __typename: 'Access',
    granted,
    reason: granted ? 'PLAN' : 'PLAN_EXPIRED',
    until: granted ? until : null,
    requiredPlans: [],
  },
  ...(whole && {
    slug,
    title: 'T',
    excerpt: 'E',
    visibility: 'PAID',
    publishedAt: until,
    lang: null,
    direction: 'AUTO',
    readingMinutes: 1,
    author: { __typename: 'Author', slug: 'a', name: 'A' },
    tags: [],
    series: null,
    preview: '<p>P</p>',
    bookmarked: false,
    body: granted ? { __typename: 'ArticleBody', rest: `<p>The secret of ${slug}.</p>` } : null,
  }),
})
const refusal = [{ message: 'm', path: ['article', 'body'], extensions: { code: 'SUBSCRIPTION_REQUIRED' } }]

const api = http.createServer((request, response) => {
  void request.toArray().then((chunks) => {
    const { operationName, variables } = JSON.parse(Buffer.concat(chunks).toString()) as {
      operationName: string
      variables: { slug: string }
    }
    asked.push(`${operationName} ${variables.slug}`)
    const whole = operationName === 'Article'
    const article = articleOf(variables.slug, whole)
    response.writeHead(200, { 'content-type': 'application/json', connection: 'close' })
    response.end(JSON.stringify({ data: { article }, ...(whole && !granted && { errors: refusal }) }))
  })
})
api.listen(0, '127.0.0.1')
await once(api, 'listening')
process.env.GATSBY_API_URL = `http://127.0.0.1:${(api.address() as AddressInfo).port}/graphql`
const { createApolloClient } = await import('../api/client.ts')
const { checkForMissedChange, refreshAfterChange } = await import('./refresh.ts')

beforeEach(() => {
  granted = true
  until = '2026-03-05T10:00:00.000Z'
  asked = []
})
afterAll(() => {
  api.closeAllConnections()
  api.close()
})

/** A page that shows one article, after another. */
async function page() {
  const client = createApolloClient(async () => 'token')
  const ask = (slug: string) => ({
    query: ArticleDocument,
    variables: { slug, withRest: true },
    fetchPolicy: 'cache-and-network' as const,
  })
  await client.query({ ...ask('before'), fetchPolicy: 'network-only' })
  const query = client.watchQuery(ask('shown'))
  const subscription = query.subscribe(() => undefined)
  await query.refetch()
  asked = []
  return {
    client,
    kept: () => JSON.stringify(client.cache.extract()),
    shown: () => query.getCurrentResult().data?.article?.body?.rest ?? null,
    leave: () => {
      subscription.unsubscribe()
      client.stop()
    },
  }
}

test('a change locks in place, and nothing of any locked text is kept', async () => {
  const { client, kept, shown, leave } = await page()
  expect(shown()).toBe('<p>The secret of shown.</p>')
  expect(kept()).toContain('secret of before')
  granted = false
  await refreshAfterChange(client)
  expect(asked).toEqual(['Article shown'])
  expect(shown()).toBe(null)
  expect(kept()).not.toContain('secret')
  leave()
})

test('a change opens in place', async () => {
  granted = false
  const { client, shown, leave } = await page()
  expect(shown()).toBe(null)
  granted = true
  await refreshAfterChange(client)
  expect(shown()).toBe('<p>The secret of shown.</p>')
  leave()
})

test('a check without a change asks for no text', async () => {
  const { client, kept, shown, leave } = await page()
  await checkForMissedChange(client, false)
  expect(asked).toEqual(['ArticleAccess shown'])
  expect(shown()).toBe('<p>The secret of shown.</p>')
  expect(kept()).toContain('secret of before')
  leave()
})

test.each<[string, () => void]>([
  ['locked', () => (granted = false)],
  ['open for longer', () => (until = '2026-04-05T10:00:00.000Z')],
])('a check that finds the article %s asks for the whole article', async (_how, change) => {
  const { client, leave } = await page()
  change()
  await checkForMissedChange(client, false)
  expect(asked).toEqual(['ArticleAccess shown', 'Article shown'])
  leave()
})
