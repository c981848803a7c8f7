import { once } from 'node:events'
import net from 'node:net'
import { expect, test } from '@jest/globals'
import { startTestApp } from './support/app.ts'
import { makeMember } from './support/factories.ts'
import { expectUnharmed, json, send } from './support/http.ts'
import { eventually } from './support/eventually.ts'
import { openStream, viewerChanged } from './support/stream.ts'

// Requests for subscriptions go through the same steps as queries. Invalid ones are refused.

const app = await startTestApp()
const limited = await startTestApp({ beside: app, env: { RATE_LIMIT_MEMBER: '3' } })
const production = await startTestApp({ beside: app, production: true })
const [draining, closing] = [await startTestApp({ beside: app }), await startTestApp({ beside: app })]
const unasked = await startTestApp({ beside: app })
const { db, issuer } = app
const path = '/graphql/stream'

async function newToken(claims = {}): Promise<string> {
  const { subject } = await makeMember(db, { issuer: issuer.url })
  return issuer.sign({ sub: subject, ...claims })
}

test.each([
  ['no token', () => undefined, 'Sign in first.'],
  ['an anonymous session', () => issuer.sign({ sub: 'anon@1234' }), 'Sign in first.'],
])('%s is refused in an event, and the stream ends', async (_title, tokenOf, message) => {
  const stream = await openStream(app, { token: tokenOf() })
  expect(stream.status).toBe(200)
  expect(await stream.next()).toMatchObject({
    event: 'next',
    errors: [{ message, path: ['viewerChanged'], extensions: { code: 'UNAUTHENTICATED' } }],
  })
  expect(await stream.next()).toMatchObject({ event: 'complete' })
  await eventually(stream.ended)
})

test.each([
  ['an expired token', () => issuer.sign({ iat: 1_000, exp: 2_000 })],
  ['a malformed token', () => 'x.y.z'],
])('%s is a 401', async (_title, tokenOf) => {
  const request = { headers: { ...json, authorization: `Bearer ${tokenOf()}` }, body: { query: viewerChanged } }
  const [here, there] = [await send(app, { path, ...request }), await send(app, request)]
  expect(here.status).toBe(401)
  expect(here.headers['www-authenticate']).toBe(there.headers['www-authenticate'])
  const text = (answer: typeof here) => answer.text.replace(String(answer.headers['x-request-id']), 'id')
  expect(text(here)).toBe(text(there))
  await expectUnharmed(app, here)
})

test.each<[string, Parameters<typeof send>[1], number, string]>([
  ['a query', { body: { query: '{ viewer { id } }' } }, 400, 'BAD_REQUEST'],
  ['a mutation', { body: { query: 'mutation { addBookmark(articleId: "x") { id } }' } }, 400, 'BAD_REQUEST'],
  ['an introspection', { body: { query: '{ __schema { types { name } } }' } }, 400, 'BAD_REQUEST'],
  [
    'a query beside a subscription',
    {
      body: {
        query: `${viewerChanged.replace('subscription', 'subscription S')} query Q { plans { id } }`,
        operationName: 'Q',
      },
    },
    400,
    'BAD_REQUEST',
  ],
  [
    'an unknown operation',
    { body: { query: viewerChanged, operationName: 'Other' } },
    400,
    'OPERATION_RESOLUTION_FAILURE',
  ],
  [
    'two operations and no name',
    { body: { query: `${viewerChanged} ${viewerChanged}` } },
    400,
    'OPERATION_RESOLUTION_FAILURE',
  ],
  ['a syntax error', { body: { query: 'subscription {' } }, 400, 'GRAPHQL_PARSE_FAILED'],
  ['too many tokens', { body: { query: `subscription { ${'a '.repeat(1000)} }` } }, 400, 'GRAPHQL_PARSE_FAILED'],
  ['no query', { body: {} }, 400, 'BAD_REQUEST'],
  ['a batch', { body: [{ query: viewerChanged }] }, 400, 'BAD_REQUEST'],
  ['invalid variables', { body: { query: viewerChanged, variables: [1] } }, 400, 'BAD_REQUEST'],
  ['an invalid operation name', { body: { query: viewerChanged, operationName: 7 } }, 400, 'BAD_REQUEST'],
  ['no JSON', { body: 'subscription' }, 400, 'BAD_REQUEST'],
  ['a form', { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'query=x' }, 415, 'BAD_REQUEST'],
  ['a text', { headers: { 'content-type': 'text/plain' }, body: { query: viewerChanged } }, 415, 'BAD_REQUEST'],
  ['no content type', { headers: {}, body: { query: viewerChanged } }, 415, 'BAD_REQUEST'],
  [
    'a client that does not accept events',
    { headers: { ...json, accept: 'application/json' }, body: { query: viewerChanged } },
    406,
    'BAD_REQUEST',
  ],
  ['a query that is too long', { body: { query: `${viewerChanged} #${'x'.repeat(20_000)}` } }, 413, 'BAD_REQUEST'],
  ['a request that is too large', { body: { query: viewerChanged, x: 'x'.repeat(100_000) } }, 413, 'BAD_REQUEST'],
  [
    'GET',
    { method: 'GET', path: `${path}?query=${encodeURIComponent(viewerChanged)}`, headers: {} },
    405,
    'BAD_REQUEST',
  ],
  ['PUT', { method: 'PUT', body: {} }, 405, 'BAD_REQUEST'],
])('%s is refused', async (_title, request, status, code) => {
  const answer = await send(app, { path, ...request })
  expect(answer).toMatchObject({ status, errors: [{ extensions: { code } }] })
  expect(answer.data).toBeUndefined()
  expect(answer.headers['cache-control']).toBe('private, no-store')
  await expectUnharmed(app, answer)
})

/** Fragments that spread each other ten times each, a million fields in total. */
const fragments = Array.from(
  { length: 6 },
  (_, index) => `fragment F${index} on Viewer { ${index === 5 ? 'id' : `...F${index + 1} `.repeat(10)} }`,
)

test.each<[string, string, string]>([
  ['an unknown field', 'subscription { viewerChanged { secret } }', 'GRAPHQL_VALIDATION_FAILED'],
  [
    'two fields at once',
    'subscription { viewerChanged { id } other: viewerChanged { id } }',
    'GRAPHQL_VALIDATION_FAILED',
  ],
  ['the schema', 'subscription { __schema { types { name } } }', 'GRAPHQL_VALIDATION_FAILED'],
  [
    'too many aliases',
    `subscription { viewerChanged { ${Array.from({ length: 16 }, (_, index) => `a${index}: id`).join(' ')} } }`,
    'GRAPHQL_VALIDATION_FAILED',
  ],
  ['the same field too often', `subscription { viewerChanged { ${'id '.repeat(11)} } }`, 'GRAPHQL_VALIDATION_FAILED'],
  [
    'too many selections',
    `subscription { viewerChanged { ...F0 } } ${fragments.join(' ')}`,
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    'a cycle of fragments',
    'subscription { viewerChanged { ...A } } fragment A on Viewer { ...B } fragment B on Viewer { ...A }',
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    'a variable without a value',
    'subscription ($yes: Boolean!) { viewerChanged { id @skip(if: $yes) } }',
    'BAD_USER_INPUT',
  ],
])('%s is refused in an event', async (_title, query, code) => {
  const stream = await openStream(app, { query, token: await newToken() })
  const { event, data, errors } = await stream.next()
  expect({ event, data }).toEqual({ event: 'next', data: undefined })
  expect(errors?.map(({ extensions }) => extensions.code)).toContain(code)
  expect(await stream.next()).toMatchObject({ event: 'complete' })
  await expectUnharmed(app, { text: stream.text(), headers: stream.headers })
})

test('/graphql refuses subscriptions', async () => {
  const { id } = await makeMember(db, { issuer: issuer.url })
  const answer = await app.ask(viewerChanged, { token: await newToken() })
  expect(answer).toMatchObject({
    status: 400,
    errors: [
      {
        message: 'Send subscriptions to POST /graphql/stream.',
        extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
      },
    ],
  })
  expect(answer.text).not.toContain(id)
})

test('only the site’s origin can open streams in a browser', async () => {
  const preflight = (origin: string) =>
    send(app, {
      method: 'OPTIONS',
      path,
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    })
  expect((await preflight('http://localhost:8000')).headers['access-control-allow-origin']).toBe(
    'http://localhost:8000',
  )
  expect((await preflight('https://evil.test')).headers['access-control-allow-origin']).toBeUndefined()
  const stream = await openStream(app, { token: await newToken(), headers: { origin: 'http://localhost:8000' } })
  expect(stream.headers.get('access-control-allow-origin')).toBe('http://localhost:8000')
  expect(stream.headers.get('vary')).toContain('Origin')
})

test('a member has at most ten open streams', async () => {
  const token = await newToken()
  const streams = await Promise.all(Array.from({ length: 10 }, () => openStream(app, { token })))
  const tooMany = await openStream(app, { token })
  expect(tooMany.status).toBe(429)
  expect(tooMany.headers.get('retry-after')).toBe('5')
  await eventually(() => tooMany.text().includes('RATE_LIMITED'))
  expect((await openStream(app, { token: await newToken() })).status).toBe(200)
  streams[0]?.close()
  await eventually(async () => (await openStream(app, { token })).status === 200)
})

test('opening a stream costs one point', async () => {
  const token = await newToken()
  const open = () => openStream(limited, { token })
  expect((await open()).headers.get('ratelimit-remaining')).toBe('2')
  await limited.ask('{ plans { id } }', { token })
  await open()
  const refused = await open()
  expect(refused.status).toBe(429)
  expect(refused.headers.get('content-type')).toContain('json')
})

test('production does not reveal the schema', async () => {
  const answerTo = async (query: string) => {
    const stream = await openStream(production, { query, token: await newToken() })
    const { errors } = await stream.next()
    return errors?.map(({ message }) => message).join()
  }
  expect(await answerTo('subscription { viewerChange { id } }')).toBe(
    'Cannot query field "viewerChange" on type "Subscription".',
  )
  expect(await answerTo('subscription { viewerChanged { __typename id } __type(name: "Viewer") { name } }')).toContain(
    'Introspection is not available.',
  )
  expect(await answerTo('subscription { viewerChanged { ids } }')).not.toMatch(/did you mean/i)
})

test.each([
  ['a drain', draining],
  ['a close', closing],
])('F08 %s completes all streams and refuses new ones', async (how, stopping) => {
  const token = await newToken()
  const streams = await Promise.all([1, 2, 3].map(() => openStream(stopping, { token })))
  await Promise.all(streams.map((stream) => stream.next()))
  const begun = Date.now()
  if (how === 'a drain') {
    stopping.app.drain()
    const refused = await openStream(stopping, { token })
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5'])
    expect((await stopping.ask('{ plans { id } }')).status).toBe(200)
  } else await stopping.app.close()
  for (const stream of streams) {
    expect(await stream.next()).toMatchObject({ event: 'complete' })
    await eventually(stream.ended)
  }
  expect(Date.now() - begun).toBeLessThan(5_000)
  expect(stopping.changes.size).toBe(0)
})

test('an unused connection does not delay the stop', async () => {
  const { hostname, port } = new URL(unasked.url)
  const socket = net.connect({ host: hostname, port: Number(port) })
  await once(socket, 'connect')
  const ended = once(socket, 'close')
  await unasked.app.close()
  await ended
}, 20_000)
