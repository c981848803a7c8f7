import { once } from 'node:events'
import http, { type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { TokenSource } from './client.ts'
import { PlansDocument } from './operations.ts'

interface Answer {
  readonly status: number
  readonly body: string
  readonly type?: string
}

const plans: Answer = { status: 200, body: JSON.stringify({ data: { plans: [] } }) }
const refusal = { errors: [{ message: 'The token has expired.', extensions: { code: 'UNAUTHENTICATED' } }] }
const refused: Answer = { status: 401, body: JSON.stringify(refusal) }

let answers: Answer[] = []
let asked: IncomingHttpHeaders[] = []
const api = http.createServer((request, response) => {
  asked.push(request.headers)
  const { status, body, type = 'application/json; charset=utf-8' } = answers.shift() ?? plans
  // No keep-alive: on a slow machine a connection may be closed just as it is used again.
  const headers = { 'content-type': type, connection: 'close' }
  request.resume().on('end', () => response.writeHead(status, headers).end(body))
})
api.listen(0, '127.0.0.1')
await once(api, 'listening')
process.env.GATSBY_API_URL = `http://127.0.0.1:${(api.address() as AddressInfo).port}/graphql`
const { createApolloClient } = await import('./client.ts')
const { codeOf, isRefusedToken } = await import('./errors.ts')

beforeEach(() => {
  answers = []
  asked = []
})
afterAll(() => {
  api.closeAllConnections()
  api.close()
})

/** A token source that records the refused tokens that it is called with. */
function tokens(...given: (string | Error)[]) {
  const instead: (string | null)[] = []
  const source: TokenSource = async (refused) => {
    const token = given[instead.push(refused ?? null) - 1] ?? new Error('no token left')
    if (token instanceof Error) throw token
    return token
  }
  return { source, instead }
}
const ask = (source: TokenSource | null) =>
  createApolloClient(source).query({ query: PlansDocument, fetchPolicy: 'no-cache' })
const sent = () => asked.map(({ authorization }) => authorization ?? null)

test('sends no token for nobody, and no cookie', async () => {
  const { data, error } = await ask(null)
  expect([data, error]).toEqual([{ plans: [] }, undefined])
  expect(sent()).toEqual([null])
  expect(asked[0]).not.toHaveProperty('cookie')
})

test('sends the token with each request', async () => {
  const { source, instead } = tokens('one', 'two')
  const client = createApolloClient(source)
  for (let i = 0; i < 2; i++) await client.query({ query: PlansDocument, fetchPolicy: 'no-cache' })
  expect(sent()).toEqual(['Bearer one', 'Bearer two'])
  expect(instead).toEqual([null, null])
})

test('a refused token is exchanged for a fresh one, once', async () => {
  answers = [refused, plans]
  const { source, instead } = tokens('old', 'fresh')
  const { data, error } = await ask(source)
  expect([data, error]).toEqual([{ plans: [] }, undefined])
  expect(sent()).toEqual(['Bearer old', 'Bearer fresh'])
  expect(instead).toEqual([null, 'old'])
})

test('the second refusal is an error', async () => {
  answers = [refused, refused, plans]
  const { source, instead } = tokens('old', 'fresh', 'never')
  const { data, error } = await ask(source)
  expect([data, codeOf(error), isRefusedToken(error)]).toEqual([undefined, 'UNAUTHENTICATED', true])
  expect(sent()).toEqual(['Bearer old', 'Bearer fresh'])
  expect(instead).toEqual([null, 'old'])
})

test('what was refused once is tried anew with the next request', async () => {
  answers = [refused, refused, refused, plans]
  const { source, instead } = tokens('a', 'b', 'c', 'd')
  const client = createApolloClient(source)
  const errors = []
  for (let i = 0; i < 2; i++)
    errors.push((await client.query({ query: PlansDocument, fetchPolicy: 'no-cache' })).error ?? null)
  expect(errors.map(isRefusedToken)).toEqual([true, false])
  expect(instead).toEqual([null, 'a', null, 'c'])
})

describe('a refusal without a token', () => {
  test('is an error at once', async () => {
    answers = [refused, plans]
    const { error } = await ask(null)
    expect([codeOf(error), sent()]).toEqual(['UNAUTHENTICATED', [null]])
  })
})

test.each<[string, Answer, string]>([
  ['a 403', { ...refused, status: 403 }, 'UNAUTHENTICATED'],
  ['too many requests', { status: 429, body: '{}' }, 'NO_ANSWER'],
  ['an API that is not ready', { status: 503, body: 'not ready', type: 'text/plain' }, 'NO_ANSWER'],
  ['a bug', { status: 500, body: '{}' }, 'NO_ANSWER'],
  [
    'UNAUTHENTICATED in an answer',
    { status: 200, body: JSON.stringify({ ...refusal, data: null }) },
    'UNAUTHENTICATED',
  ],
])('%s asks for no fresh token', async (_answer, answer, code) => {
  answers = [answer, plans]
  const { source, instead } = tokens('one', 'never')
  const { error } = await ask(source)
  expect([codeOf(error), isRefusedToken(error)]).toEqual([code, false])
  expect([sent(), instead]).toEqual([['Bearer one'], [null]])
})

test('a source that has no token sends nothing', async () => {
  const ended = new Error('The session is over.')
  const { error } = await ask(tokens(ended).source)
  expect(error).toBe(ended)
  expect(asked).toEqual([])
})

test('a source without a fresh token sends nothing more', async () => {
  answers = [refused, plans]
  const ended = new Error('The session is over.')
  const { source, instead } = tokens('old', ended)
  const { error } = await ask(source)
  expect(error).toBe(ended)
  expect([sent(), instead]).toEqual([['Bearer old'], [null, 'old']])
})

test('data and errors come together', async () => {
  answers = [{ status: 200, body: JSON.stringify({ data: { plans: [] }, errors: refusal.errors }) }]
  const { data, error } = await ask(null)
  expect([data, codeOf(error)]).toEqual([{ plans: [] }, 'UNAUTHENTICATED'])
})
