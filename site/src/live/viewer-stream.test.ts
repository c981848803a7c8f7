import { once } from 'node:events'
import http, { type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeEach, expect, test } from '@jest/globals'
import type { TokenSource } from '../api/client.ts'
import type { ViewerHoldingsFragment } from '../api/operations.ts'
import { SessionEnded } from '../auth/session-errors.ts'

interface Said {
  readonly status: number
  readonly headers?: Record<string, string>
  readonly events?: readonly (readonly [event: string, data: object | null])[]
  /** Whether the connection breaks. */
  readonly cut?: boolean
}

let said: Said[] = []
let asked: { url: string; headers: IncomingHttpHeaders; query: string }[] = []
const api = http.createServer((request, response) => {
  void request.toArray().then((chunks) => {
    const { query } = JSON.parse(Buffer.concat(chunks).toString()) as { query: string }
    asked.push({ url: request.url ?? '', headers: request.headers, query })
    const { status, headers, events = [], cut } = said.shift() ?? { status: 500 }
    // No keep-alive: on a slow machine a connection may be closed just as it is used again.
    response.writeHead(status, { 'content-type': 'text/event-stream', connection: 'close', ...headers })
    for (const [event, data] of events) response.write(`event: ${event}\ndata: ${data ? JSON.stringify(data) : ''}\n\n`)
    if (cut) setTimeout(() => response.destroy(), 50)
    else if (status !== 200 || events.at(-1)?.[0] === 'complete') response.end()
  })
})
api.listen(0, '127.0.0.1')
await once(api, 'listening')
process.env.GATSBY_API_URL = `http://127.0.0.1:${(api.address() as AddressInfo).port}/graphql`
const { openViewerStream } = await import('./viewer-stream.ts')

beforeEach(() => {
  said = []
  asked = []
})
afterAll(() => {
  api.closeAllConnections()
  api.close()
})

const holdings: ViewerHoldingsFragment = {
  trialAvailable: true,
  purchaseStep: 'BUY',
  membership: null,
  memberships: [],
  billing: null,
  gifts: [],
}
const next = (viewerChanged: object | null, ...codes: string[]) =>
  [
    'next',
    {
      data: { viewerChanged },
      ...(codes.length > 0 && { errors: codes.map((code) => ({ message: 'm', extensions: { code } })) }),
    },
  ] as const
const complete = ['complete', null] as const

/** Collects everything that a stream reports until it ends. */
async function listen(getToken: TokenSource) {
  const told: (ViewerHoldingsFragment | null)[] = []
  const end = await new Promise((resolve) => {
    openViewerStream(getToken, { onEvent: (one) => told.push(one), onEnd: resolve })
  })
  return { told, end }
}
const tokens =
  (...given: string[]): TokenSource =>
  async () =>
    given.shift() ?? Promise.reject(new SessionEnded())

test('reports the holdings of each event, and the end of the stream', async () => {
  said = [{ status: 200, events: [next({ id: '1', ...holdings }), next({ id: '1', ...holdings }), complete] }]
  const { told, end } = await listen(tokens('one'))
  expect(told).toEqual([expect.objectContaining(holdings), expect.objectContaining(holdings)])
  expect(end).toEqual({ kind: 'completed' })
  expect(asked[0]).toMatchObject({
    url: '/graphql/stream',
    headers: { authorization: 'Bearer one', accept: 'text/event-stream' },
  })
  expect(asked[0]?.query).toContain('subscription ViewerChanged')
  expect(asked[0]?.headers).not.toHaveProperty('cookie')
})

test('a refused token is exchanged for a fresh one, once', async () => {
  said = [{ status: 401 }, { status: 200, events: [next(holdings), complete] }]
  const instead: (string | undefined)[] = []
  const source = tokens('old', 'fresh')
  const { told } = await listen((refused) => {
    instead.push(refused)
    return source()
  })
  expect(told).toHaveLength(1)
  expect(instead).toEqual([undefined, 'old'])
  expect(asked.map(({ headers }) => headers.authorization)).toEqual(['Bearer old', 'Bearer fresh'])
})

test.each<[string, Said[], object]>([
  ['the second refusal', [{ status: 401 }, { status: 401 }], { kind: 'failed', retryAfterSeconds: null }],
  ['too many', [{ status: 429, headers: { 'retry-after': '5' } }], { kind: 'failed', retryAfterSeconds: 5 }],
  ['not ready', [{ status: 503 }], { kind: 'failed', retryAfterSeconds: null }],
  [
    'a line that is cut',
    [{ status: 200, events: [next(holdings)], cut: true }],
    { kind: 'failed', retryAfterSeconds: null },
  ],
  ['a disabled account', [{ status: 200, events: [next(null, 'ACCOUNT_DISABLED'), complete] }], { kind: 'refused' }],
  ['nobody', [{ status: 200, events: [next(null, 'UNAUTHENTICATED'), complete] }], { kind: 'refused' }],
])('%s is an end', async (_case, answers, end) => {
  said = answers
  expect((await listen(tokens('one', 'two'))).end).toEqual(end)
})

test('without a token nothing is asked', async () => {
  expect((await listen(tokens())).end).toEqual({ kind: 'refused' })
  expect(asked).toEqual([])
})

test('what could not be looked up is nothing to tell', async () => {
  said = [{ status: 200, events: [next(null, 'SERVICE_UNAVAILABLE'), next(holdings), complete] }]
  expect((await listen(tokens('one'))).told).toEqual([holdings])
})

test('a disabled account ends the stream', async () => {
  said = [{ status: 200, events: [next(holdings), next(null, 'ACCOUNT_DISABLED'), complete] }]
  expect((await listen(tokens('one'))).told).toEqual([holdings, null])
})

test('a closed stream reports nothing', async () => {
  said = [{ status: 200, events: [next(holdings)] }]
  const told: string[] = []
  await new Promise<void>((resolve) => {
    const close = openViewerStream(tokens('one'), {
      onEvent: () => {
        told.push('event')
        close()
        setTimeout(resolve, 100)
      },
      onEnd: () => told.push('end'),
    })
  })
  expect(told).toEqual(['event'])
})
