import { ApolloClient, ApolloLink, InMemoryCache } from '@apollo/client'
import { expect, test } from '@jest/globals'
import { Observable } from 'rxjs'
import { ArticleAccessDocument, CancelMembershipDocument, PlansDocument, ViewerDocument } from './operations.ts'
import { countChanges, noteChange, repeatOvertaken, type Changes } from './repeat-overtaken.ts'

const errorPolicy = 'all' as const
const clientWith = (link: ApolloLink) =>
  new ApolloClient({
    link,
    cache: new InMemoryCache(),
    defaultOptions: { query: { errorPolicy }, watchQuery: { errorPolicy }, mutate: { errorPolicy } },
  })

/** A client whose answers the test releases. Each contains the number of changes at the time of its query. */
function stage() {
  const changes: Changes = { count: 0 }
  const waiting: (() => void)[] = []
  const asked: (string | undefined)[] = []
  const server = new ApolloLink(
    ({ operationName }) =>
      new Observable((observer) => {
        asked.push(operationName)
        const access = { __typename: 'Access', granted: true, reason: 'PLAN', until: `change ${changes.count}` }
        const data =
          operationName === 'ArticleAccess'
            ? { article: { __typename: 'Article', id: '1', access } }
            : { cancelMembership: null, plans: [] }
        waiting.push(() => {
          observer.next({ data })
          observer.complete()
        })
      }),
  )
  const client = clientWith(ApolloLink.from([repeatOvertaken(changes), server]))
  countChanges(client, changes)
  return { client, asked, answer: () => waiting.shift()?.() }
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 0))
const ask = async (client: ApolloClient) => {
  const variables = { slug: 'circles' }
  const { data } = await client.query({ query: ArticleAccessDocument, variables, fetchPolicy: 'network-only' })
  return data?.article?.access.until
}

test('a query from before a change that is answered after it is repeated', async () => {
  const { client, asked, answer } = stage()
  const question = ask(client)
  await settle()
  noteChange(client)
  answer()
  await settle()
  expect(asked).toEqual(['ArticleAccess', 'ArticleAccess'])
  answer()
  expect(await question).toBe('change 1')
})

test('a query that joins one from before a change gets the new answer', async () => {
  const { client, asked, answer } = stage()
  const first = ask(client)
  await settle()
  noteChange(client)
  const second = ask(client)
  await settle()
  expect(asked).toEqual(['ArticleAccess'])
  answer()
  await settle()
  answer()
  expect(await Promise.all([first, second])).toEqual(['change 1', 'change 1'])
})

test('without a change a query is sent once', async () => {
  const { client, asked, answer } = stage()
  noteChange(client)
  const question = ask(client)
  await settle()
  answer()
  expect(await question).toBe('change 1')
  expect(asked).toEqual(['ArticleAccess'])
})

test('continual changes do not delay an answer for ever', async () => {
  const { client, asked, answer } = stage()
  const question = ask(client)
  for (let round = 0; round < 10; round++) {
    await settle()
    noteChange(client)
    answer()
  }
  expect(await question).toBe('change 3')
  expect(asked).toHaveLength(4)
})

test('a query that does not depend on holdings is not repeated', async () => {
  const { client, asked, answer } = stage()
  const question = client.query({ query: PlansDocument })
  await settle()
  noteChange(client)
  answer()
  await question
  expect(asked).toEqual(['Plans'])
})

test('a mutation is never repeated', async () => {
  const { client, asked, answer } = stage()
  const question = client.mutate({ mutation: CancelMembershipDocument })
  await settle()
  noteChange(client)
  answer()
  await question
  expect(asked).toEqual(['CancelMembership'])
})

test('a client without a counter is left alone', () => {
  const client = clientWith(ApolloLink.empty())
  expect(() => noteChange(client)).not.toThrow()
  expect(client.readQuery({ query: ViewerDocument })).toBe(null)
})
