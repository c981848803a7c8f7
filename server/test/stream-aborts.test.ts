import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test } from '@jest/globals'
import { createApp } from '../src/app.ts'
import type { Auth } from '../src/auth/index.ts'
import { connectDatabase } from '../src/db/index.ts'
import { parseSettings } from '../src/env.ts'
import { buildSchema, type Context } from '../src/graphql/index.ts'
import { createClock } from '../src/lib/clock.ts'
import { createMetrics } from '../src/lib/metrics.ts'
import { createChangeHub } from '../src/membership/index.ts'
import { eventually } from './support/eventually.ts'
import { openStreams, viewerChanged } from './support/stream.ts'

// A stream frees its resources, however it ends. The test needs neither a database nor an issuer.

const nowhere = 'postgresql://nobody@127.0.0.1:1/gone_test'
const settings = parseSettings({ NODE_ENV: 'test', DATABASE_URL: nowhere, LOG_LEVEL: 'silent' })
const db = connectDatabase({ url: nowhere, poolMax: 1, onConnectionLost: () => undefined })
const clock = createClock()
let jumps = 0
const counted = {
  ...clock,
  onJump: (listener: () => void) => {
    jumps += 1
    const off = clock.onJump(listener)
    return () => {
      jumps -= 1
      off()
    }
  },
}
/** Accepts any token as a subject. */
const auth: Auth = {
  authenticate: async (rawHeaders) => {
    const subject = rawHeaders[rawHeaders.findIndex((name) => name.toLowerCase() === 'authorization') + 1] ?? ''
    const expiresAt = new Date(Date.now() + 3_600_000)
    const rights = { permissions: new Set<string>(), isProgram: false, mayReadProfile: false }
    return { identity: { issuer: 'test', subject, expiresAt, ...rights }, token: subject }
  },
  userInfo: async () => ({ ok: false, reason: 'not_allowed' }),
  reloadKeys: async () => true,
  ready: () => true,
  start: async () => undefined,
  stop: () => undefined,
}
const schema = buildSchema()
Object.assign(schema.getSubscriptionType()?.getFields().viewerChanged ?? {}, {
  subscribe: async (_parent: unknown, _args: unknown, ctx: Context) => {
    await sleep(2)
    return ctx.followViewer('anybody')
  },
  resolve: () => null,
})
const metrics = createMetrics()
const changes = createChangeHub()
const app = await createApp({ settings, db, auth, clock: counted, metrics, changes, schema })
const { port } = new URL(await app.http.listen({ host: '127.0.0.1', port: 0 }))
afterAll(async () => {
  await app.close()
  await db.$disconnect()
})

/** Opens a stream and aborts it before the response, after the headers, or after the first event. */
function breakOff(caller: string, when: 'soon' | 'opened' | 'answered'): Promise<void> {
  return new Promise((resolve) => {
    const clientRequest = request({
      port,
      method: 'POST',
      path: '/graphql/stream',
      headers: { 'content-type': 'application/json', authorization: caller },
      agent: false,
    })
    clientRequest.on('close', resolve)
    clientRequest.on('error', () => undefined)
    clientRequest.on('response', (response) => {
      response.on('error', () => undefined)
      response.on('data', (part: Buffer) => {
        if (when === 'opened' || part.includes('event: next')) clientRequest.destroy()
      })
    })
    clientRequest.end(JSON.stringify({ query: viewerChanged }))
    if (when === 'soon') setTimeout(() => clientRequest.destroy(), 3)
  })
}

test('a thousand aborted streams leave no resources', async () => {
  const whens = ['soon', 'opened', 'answered'] as const
  for (let round = 0; round < 20; round += 1) {
    const clients = Array.from({ length: 50 }, (_, index) => breakOff(`caller ${index}`, whens[index % 3] ?? 'soon'))
    await Promise.all(clients)
  }
  await eventually(async () => (await openStreams(metrics)) === 0)
  expect([changes.size, jumps]).toEqual([0, 0])
}, 120_000)
