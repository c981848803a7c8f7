import { CombinedGraphQLErrors, ServerError } from '@apollo/client'
import { describe, expect, test } from '@jest/globals'
import { isMembersOnly } from '../api/errors.ts'
import { listAnswer, type ListAnswer } from './list-answer.ts'

type Page = NonNullable<Parameters<typeof listAnswer>[0]['page']>

const article = { slug: 'the-beat' } as Page['nodes'][number]
const page = (endCursor: string | null, hasNextPage = endCursor !== null): Page => ({
  nodes: [article],
  pageInfo: { hasNextPage, endCursor },
})
const coded = (code: string) => new CombinedGraphQLErrors({ errors: [{ message: 'm', extensions: { code } }] })
const body = '{"errors":[{"message":"m","extensions":{"code":"UNAUTHENTICATED"}}]}'
const refusedToken = new ServerError('m', { bodyText: body, response: new Response(null, { status: 401 }) })
const noNetwork = new TypeError('Failed to fetch')

const refetch = async () => 'again'
const facts = { page: undefined, error: undefined, fetchNext: async () => ({}), refetch }

test.each<[string, object, ListAnswer['kind']]>([
  ['nothing yet', {}, 'loading'],
  ['a page', { page: page(null) }, 'loaded'],
  ['a page, and the network is gone', { page: page(null), error: noNetwork }, 'loaded'],
  ['no network', { error: noNetwork }, 'failed'],
  ['the API cannot now', { page: null, error: coded('UNAVAILABLE') }, 'failed'],
  ['for members', { page: null, error: coded('UNAUTHENTICATED') }, 'members-only'],
  ['a refused token', { page: null, error: refusedToken }, 'failed'],
])('%s', (_case, change, kind) => {
  expect(listAnswer({ ...facts, ...change }).kind).toBe(kind)
})

test.each([
  [coded('UNAUTHENTICATED'), true],
  [coded('ACCOUNT_DISABLED'), false],
  [refusedToken, false],
  [noNetwork, false],
  [undefined, false],
])('%p is for members only: %s', (error, members) => {
  expect(isMembersOnly(error)).toBe(members)
})

test('hands over the articles, and how to ask again', async () => {
  expect(listAnswer({ ...facts, page: page(null) }).articles).toEqual([article])
  expect(listAnswer(facts).articles).toEqual([])
  expect(await listAnswer(facts).retry()).toBe('again')
})

describe('more', () => {
  test.each<[string, Page | undefined]>([
    ['there is no page', undefined],
    ['it is the last page', page(null)],
    ['the last page has a cursor', page('c1', false)],
    ['a next page has none', page(null, true)],
  ])('is not offered when %s', (_case, given) => {
    expect(listAnswer({ ...facts, page: given }).more).toBeNull()
  })

  test('asks from where the page ends', async () => {
    const asked: string[] = []
    const fetchNext = async (after: string) => ({ error: void asked.push(after) })
    await listAnswer({ ...facts, page: page('c1'), fetchNext }).more?.()
    expect(asked).toEqual(['c1'])
  })

  test('says in our words that it failed', async () => {
    const fetchNext = async () => ({ error: coded('INTERNAL_SERVER_ERROR') })
    const more = listAnswer({ ...facts, page: page('c1'), fetchNext }).more
    await expect(more?.()).rejects.toThrow('More articles couldn’t be loaded. Try again in a moment.')
  })
})
