import { connect } from 'node:net'
import { expect, test } from '@jest/globals'
import { startTestApp } from './support/app.ts'
import { frozenClock } from './support/clock.ts'
import { expectUnharmed, json, send, type RawRequest } from './support/http.ts'

// The limit per address applies to every request before any other step. The tests set the address with the header of the single
// trusted proxy.

const limit = 5
const clock = frozenClock(new Date().toISOString())
const app = await startTestApp({ clock, env: { RATE_LIMIT_ADDRESS: String(limit), TRUST_PROXY: '1' } })
const strict = await startTestApp({
  clock,
  beside: app,
  env: { RATE_LIMIT_BAD_TOKEN: '3', RATE_LIMIT_ANONYMOUS: '4', TRUST_PROXY: '1' },
})
let hosts = 0
/** Returns a new address. */
const address = (): string => `198.51.100.${(hosts += 1)}`
const ask = (from: string, request: RawRequest, to = app) =>
  send(to, { ...request, headers: { ...request.headers, 'x-forwarded-for': from } })

async function statuses(count: number, from: string, request: RawRequest, to = app): Promise<number[]> {
  const found: number[] = []
  for (let index = 0; index < count; index += 1) found.push((await ask(from, request, to)).status)
  return found
}

const preflight = { origin: 'http://localhost:8000', 'access-control-request-method': 'POST' }

test.each<[string, RawRequest]>([
  ['an unknown path', { method: 'GET', path: `/${'a-'.repeat(995)}`, headers: {} }],
  ['health', { method: 'GET', path: '/health/live', headers: {} }],
  ['readiness', { method: 'GET', path: '/health/ready', headers: {} }],
  ['a webhook', { path: '/webhooks/stripe', headers: json, body: '{}' }],
  ['a preflight', { method: 'OPTIONS', headers: preflight }],
  ['an unsupported method', { method: 'PUT', headers: json, body: '{}' }],
  ['OPTIONS without an origin', { method: 'OPTIONS', headers: {} }],
  ['a query', { headers: json, body: { query: '{ __typename }' } }],
  ['a stream', { path: '/graphql/stream', headers: json, body: { query: 'subscription { nope }' } }],
  ['an invalid token', { headers: { ...json, authorization: 'Bearer x.y.z' }, body: { query: '{ __typename }' } }],
])('A1: refuses the sixth request of an address: %s', async (_title, request) => {
  const from = address()
  for (const status of await statuses(limit, from, request)) expect(status).not.toBe(429)
  const refused = await ask(from, request)
  expect(refused.status).toBe(429)
  expect(refused.errors).toEqual([
    {
      message: 'Too many requests. Try again after the number of seconds in Retry-After.',
      extensions: { code: 'RATE_LIMITED', requestId: refused.headers['x-request-id'] },
    },
  ])
  expect(refused.headers['retry-after']).toBe('12')
  await expectUnharmed(app, refused)
  // A flood must not fill the disk.
  expect(app.logs.join('')).not.toContain(refused.headers['x-request-id'])
  expect((await ask(address(), request)).status).not.toBe(429)
  clock.advance(12)
  expect((await ask(from, request)).status).not.toBe(429)
})

test('A1: a page of the site can read the refusal and Retry-After', async () => {
  const from = address()
  const origin = 'http://localhost:8000'
  const query = { headers: { ...json, origin }, body: { query: '{ __typename }' } }
  await statuses(limit, from, query)
  const { status, headers } = await ask(from, query)
  expect([status, headers['access-control-allow-origin'], headers.vary]).toEqual([429, origin, 'Origin'])
  expect(headers['access-control-expose-headers']).toMatch(/x-request-id.*retry-after/)
  const foreign = await ask(from, { ...query, headers: { ...json, origin: 'https://evil.test' } })
  expect([foreign.status, foreign.headers['access-control-allow-origin']]).toEqual([429, undefined])
})

test('A1: setting the wall clock back does not affect the limit', async () => {
  const from = address()
  const nowhere = { method: 'GET', path: '/nowhere', headers: {} }
  await statuses(limit, from, nowhere)
  clock.setBack(3_600)
  expect((await ask(from, nowhere)).headers['retry-after']).toBe('12')
  clock.advance(12)
  expect((await ask(from, nowhere)).status).toBe(404)
})

test('A1: health checks are not limited', async () => {
  const from = address()
  await statuses(20, from, { method: 'GET', path: '/nowhere', headers: {} })
  expect((await ask(from, { method: 'GET', path: '/health/live', headers: {} })).status).toBe(200)
})

test('A1: unknown paths count like queries without a token', async () => {
  const from = address()
  const nowhere = { method: 'GET', path: '/nowhere', headers: {} }
  expect(await statuses(5, from, nowhere, strict)).toEqual([404, 404, 404, 404, 429])
  const refused = await ask(from, { headers: json, body: { query: '{ __typename }' } }, strict)
  expect(refused.status).toBe(429)
  expect(refused.headers['ratelimit-policy']).toBe('4;w=60;burst=4')
})

test('A1: refused webhooks have a limit that applies before the body is read', async () => {
  const from = address()
  const forged = { path: '/webhooks/stripe', headers: { ...json, 'stripe-signature': 't=1,v1=00' }, body: '{}' }
  expect(await statuses(4, from, forged, strict)).toEqual([400, 400, 400, 429])
  const lines = strict.logs.filter((line) => line.includes('a webhook was refused'))
  const large = await ask(from, { ...forged, body: 'x'.repeat(600_000) }, strict)
  expect(large.status).toBe(429)
  expect(strict.logs.filter((line) => line.includes('a webhook was refused'))).toHaveLength(lines.length)
  expect((await ask(address(), forged, strict)).status).toBe(400)
  clock.advance(20)
  expect((await ask(from, forged, strict)).status).toBe(400)
})

/** Sends bytes that are not a request and returns the response until the server closes the connection. */
const answerTo = (bytes: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(Number(new URL(app.url).port), '127.0.0.1')
    socket.on('data', (part) => (text += part.toString()))
    socket.on('close', () => resolve(text)).on('error', reject)
    socket.write(bytes)
  })

test('A1: malformed requests are limited by the connection’s address', async () => {
  const answers: string[] = []
  for (let index = 0; index < limit + 2; index += 1) answers.push((await answerTo('nonsense\r\n\r\n')).slice(0, 12))
  expect(answers).toEqual([...Array(limit).fill('HTTP/1.1 400'), '', ''])
  // X-Forwarded-For is not read for a URL that cannot be decoded.
  clock.advance(60)
  const undecodable = { method: 'GET', path: '/%zz', headers: {} }
  expect(await statuses(limit + 1, address(), undecodable)).toEqual([...Array(limit).fill(400), 429])
})
