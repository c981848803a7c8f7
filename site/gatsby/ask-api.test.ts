import { once } from 'node:events'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { print } from 'graphql'
import { PlansDocument, PublicationPageDocument } from '../src/api/operations.ts'
import { askApi, BuildProblem } from './ask-api.ts'

type Answer = (response: ServerResponse, request: IncomingMessage) => unknown

const json =
  (body: unknown, status = 200, headers: http.OutgoingHttpHeaders = {}): Answer =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
const plans = json({ data: { plans: [] } })
const later = (status: number, retryAfter?: string): Answer =>
  json({ errors: [{ message: 'Later.' }] }, status, retryAfter === undefined ? {} : { 'retry-after': retryAfter })

let answers: Answer[] = []
let asked: { method: string | undefined; headers: http.IncomingHttpHeaders; body: string }[] = []
const api = http.createServer((request, response) => {
  void request.toArray().then((chunks) => {
    asked.push({ method: request.method, headers: request.headers, body: Buffer.concat(chunks).toString() })
    ;(answers.shift() ?? plans)(response, request)
  })
})
// On a slow machine a connection could be closed just as the next query is sent.
api.keepAliveTimeout = 600_000
api.listen(0, '127.0.0.1')
await once(api, 'listening')
const origin = `http://127.0.0.1:${(api.address() as AddressInfo).port}`
const apiUrl = `${origin}/graphql`

let waits: number[] = []
let told: string[] = []
const options = {
  apiUrl,
  tell: (line: string) => void told.push(line),
  wait: async (milliseconds: number) => waits.push(milliseconds),
}
const ask = (change = {}) => askApi(PlansDocument, {}, { ...options, ...change })

beforeEach(() => {
  answers = []
  asked = []
  waits = []
  told = []
})
afterEach(() => void jest.restoreAllMocks())
afterAll(() => {
  api.close()
  api.closeAllConnections()
})

test('asks as anonymous, with the variables', async () => {
  answers = [json({ data: { articles: null } })]
  const { data, errors } = await askApi(PublicationPageDocument, { first: 100, after: 'c1' }, options)
  expect([data, errors]).toEqual([{ articles: null }, []])
  expect(JSON.parse(asked[0]?.body ?? '')).toEqual({
    query: print(PublicationPageDocument),
    variables: { first: 100, after: 'c1' },
  })
  expect(asked[0]).toMatchObject({ method: 'POST', headers: { 'content-type': 'application/json' } })
  expect(Object.keys(asked[0]?.headers ?? {})).not.toEqual(expect.arrayContaining(['authorization']))
})

test('hands over data together with errors', async () => {
  const errors = [{ message: 'Locked.', extensions: { code: 'UNAUTHENTICATED' } }]
  answers = [json({ data: { plans: [] }, errors })]
  expect(await ask()).toEqual({ data: { plans: [] }, errors })
})

describe('an API that says "later"', () => {
  test.each([
    [429, '7', 7],
    [503, '2', 2],
    [429, '0', 1],
    [429, '-3', 1],
    [429, '1.2', 2],
    [429, '60', 60],
    [429, '86400', 60],
    [429, undefined, 5],
    [503, 'Wed, 21 Oct 2026 07:28:00 GMT', 5],
    [503, 'soon', 5],
  ])('by %d with %j is asked again after %d s', async (status, retryAfter, seconds) => {
    answers = [later(status, retryAfter)]
    expect(await ask()).toEqual({ data: { plans: [] }, errors: [] })
    expect(waits).toEqual([seconds * 1000])
    expect(told).toEqual([`The API is busy or not ready. Waiting ${seconds} s.`])
  })

  test('is waited for again and again', async () => {
    answers = [later(429, '3'), later(503, '1'), later(429, '8')]
    expect(await ask()).toEqual({ data: { plans: [] }, errors: [] })
    expect(waits).toEqual([3_000, 1_000, 8_000])
  })

  test('is not waited for without an end', async () => {
    answers = Array<Answer>(100).fill(later(429, '60'))
    await expect(ask()).rejects.toThrow(`The API at ${apiUrl} refused a query of the site (Later.).`)
    expect([waits.length, asked.length]).toEqual([15, 16])
  })

  test.each([400, 401, 403, 500, 502, 504])('by %d is not waited for', async (status) => {
    answers = [later(status, '5')]
    await expect(ask()).rejects.toThrow(`The API at ${apiUrl} refused a query of the site (Later.).`)
    expect(waits).toEqual([])
  })
})

describe('an API that is away is named, with the setting', () => {
  const away = (address: string, code: string) =>
    `The API at ${address} does not answer (${code}): start it, or set GATSBY_API_URL to its address.`

  test('where nobody listens', async () => {
    const shortLived = http.createServer().listen(0, '127.0.0.1')
    await once(shortLived, 'listening')
    const address = `http://127.0.0.1:${(shortLived.address() as AddressInfo).port}/graphql`
    shortLived.close()
    await once(shortLived, 'close')
    const stopped = ask({ apiUrl: address })
    await expect(stopped).rejects.toThrow(away(address, 'ECONNREFUSED'))
    await expect(stopped).rejects.toBeInstanceOf(BuildProblem)
  })

  test.each(['no address', ''])('at %j, which is no address', async (address) => {
    await expect(ask({ apiUrl: address })).rejects.toThrow(away(address, 'ERR_INVALID_URL'))
  })

  test('at a port that fetch refuses', async () => {
    // X11's: https://fetch.spec.whatwg.org/#port-blocking
    const address = 'http://127.0.0.1:6000/graphql'
    await expect(ask({ apiUrl: address })).rejects.toThrow(away(address, 'bad port'))
  })

  test('at an unknown host', async () => {
    // Without a network even the look-up of the name fails.
    const said = /gatepost\.invalid\/graphql does not answer \((ENOTFOUND|EAI_AGAIN)\): start it, or set GATSBY_API_URL/
    await expect(ask({ apiUrl: 'http://gatepost.invalid/graphql' })).rejects.toThrow(said)
  })

  test('when it hangs up', async () => {
    answers = [(response) => response.socket?.destroy()]
    await expect(ask()).rejects.toThrow(away(apiUrl, 'UND_ERR_SOCKET'))
  })

  test('when it says nothing for too long', async () => {
    const timeout = AbortSignal.timeout.bind(AbortSignal)
    const given = jest.spyOn(AbortSignal, 'timeout').mockImplementation(() => timeout(20))
    answers = [() => undefined]
    await expect(ask()).rejects.toThrow(away(apiUrl, 'TimeoutError'))
    expect(given.mock.calls).toEqual([[30_000]])
  })
})

describe('an answer that is none', () => {
  const page: Answer = (response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><h1>Hi')
  const breaksOff: Answer = (response) => {
    response.writeHead(200, { 'content-length': 99 }).write('{"data"')
    setTimeout(() => response.socket?.destroy(), 20)
  }
  test.each<[string, Answer, string]>([
    ['a web page', page, 'HTTP 200'],
    ['an error page', (response) => response.writeHead(502).end('<h1>Bad gateway</h1>'), 'HTTP 502'],
    ['nothing', (response) => response.writeHead(204).end(), 'HTTP 204'],
    ['null', json(null), 'HTTP 200'],
    ['a text', json('data'), 'HTTP 200'],
    ['a list', json([{ data: { plans: [] } }]), 'HTTP 200'],
    ['null data', json({ data: null }), 'HTTP 200'],
    ['null data, with a reason', json({ data: null, errors: [{ message: 'No.' }] }), 'No.'],
    [
      'a refused document',
      json({ errors: [{ message: 'Cannot query field "plans".' }] }, 400),
      'Cannot query field "plans".',
    ],
    ['one that breaks off', breaksOff, 'HTTP 200'],
    ['a way to a page', (response) => response.writeHead(302, { location: '/page' }).end(), 'HTTP 405'],
  ])('%s is refused by name', async (_answer, answer, reason) => {
    // A client that follows a redirect sends GET.
    answers = [answer, json({}, 405)]
    const stopped = ask()
    await expect(stopped).rejects.toThrow(`The API at ${apiUrl} refused a query of the site (${reason}).`)
    await expect(stopped).rejects.toBeInstanceOf(BuildProblem)
  })
})

test.each([307, 308])('the whole question follows %d to another address', async (status) => {
  answers = [(response) => response.writeHead(status, { location: `${origin}/moved` }).end(), plans]
  expect(await ask()).toEqual({ data: { plans: [] }, errors: [] })
  expect(asked.map(({ method, body }) => [method, body === asked[0]?.body])).toEqual([
    ['POST', true],
    ['POST', true],
  ])
})
