import { expect, test } from '@jest/globals'
import { createApp } from '../src/app.ts'
import { createAuth } from '../src/auth/index.ts'
import { connectDatabase } from '../src/db/index.ts'
import { parseSettings } from '../src/env.ts'
import { createClock } from '../src/lib/clock.ts'
import { createMetrics } from '../src/lib/metrics.ts'
import { createChangeHub } from '../src/membership/index.ts'
import { startTestApp } from './support/app.ts'
import { expectUnharmed, send } from './support/http.ts'

const app = await startTestApp({ env: { RATE_LIMIT_ANONYMOUS: '2' } })
const get = (url: string, path: string) => send({ url }, { method: 'GET', path, headers: {} })

/** Returns the expected `/health/ready` body in which some parts are not ready. */
const except = (less: Readonly<Record<string, boolean>>) => ({
  status: Object.values(less).every(Boolean) ? 'ok' : 'unavailable',
  checks: { serving: true, database: true, auth: true, ...less },
})

test('a healthy server is live and ready', async () => {
  expect(await get(app.url, '/health/live')).toMatchObject({ status: 200, text: '{"status":"ok"}' })
  const ready = await get(app.url, '/health/ready')
  expect(ready).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } })
  expect(JSON.parse(ready.text)).toEqual(except({}))
  const head = await send(app, { method: 'HEAD', path: '/health/live', headers: {} })
  expect(head).toMatchObject({ status: 200, text: '' })
})

test('health checks need no token and are not limited', async () => {
  for (let index = 0; index < 5; index += 1) {
    const answer = await send(app, { method: 'GET', path: '/health/ready', headers: { authorization: 'Bearer x.y.z' } })
    expect(answer.status).toBe(200)
    await expectUnharmed(app, answer)
  }
})

test('health checks are not logged', async () => {
  const before = app.logs.length
  for (const path of ['/health/live', '/health/ready', '/health/nothing'])
    await send(app, { method: 'GET', path, headers: { connection: 'close' } })
  const logged = () => app.logs.slice(before).filter((line) => line.includes('"msg":"request"'))
  // The line is written when the response has been sent, which can be after the client has received it.
  while (logged().length === 0) await new Promise((resolve) => setImmediate(resolve))
  expect(logged().map((line) => (JSON.parse(line) as { req: { path: string } }).req.path)).toEqual(['/health/nothing'])
})

test('a stopping server is live but not ready', async () => {
  app.app.drain()
  const ready = await get(app.url, '/health/ready')
  expect(ready.status).toBe(503)
  expect(JSON.parse(ready.text)).toEqual(except({ serving: false }))
  expect((await get(app.url, '/health/live')).status).toBe(200)
  expect((await app.ask('{ __typename }')).data).toEqual({ __typename: 'Query' })
})

test('reports a missing database and issuer as not ready', async () => {
  const nowhere = 'postgresql://nobody@127.0.0.1:1/gone_test'
  const settings = parseSettings({
    NODE_ENV: 'test',
    DATABASE_URL: nowhere,
    AUTH_ISSUER: 'http://127.0.0.1:1/',
    AUTH0_AUDIENCE: 'https://api.gatepost.test',
  })
  const db = connectDatabase({ url: nowhere, poolMax: 1, onConnectionLost: () => undefined })
  const clock = createClock()
  const auth = createAuth({ settings: settings.auth, clock, observe: () => undefined })
  const logs: string[] = []
  const logStream = { write: (line: string) => void logs.push(line) }
  const alone = await createApp({
    settings,
    db,
    auth,
    clock,
    metrics: createMetrics(),
    changes: createChangeHub(),
    logStream,
  })
  try {
    const url = await alone.http.listen({ host: '127.0.0.1', port: 0 })
    const ready = await get(url, '/health/ready')
    expect(ready.status).toBe(503)
    expect(JSON.parse(ready.text)).toEqual(except({ database: false, auth: false }))
    await expectUnharmed({ url, logs }, ready)
  } finally {
    await alone.close()
    auth.stop()
    await db.$disconnect()
  }
})
