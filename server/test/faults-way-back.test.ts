import { once } from 'node:events'
import { afterAll, expect, test } from '@jest/globals'
import { startDatabaseProxy } from './support/database-proxy.ts'
import { testDatabase } from './support/database.ts'
import { makeMember, makeMembership, makePlan } from './support/factories.ts'
import { freePort } from './support/free-ports.mjs'
import { startTestIssuer } from './support/issuer.ts'
import { run, startServer } from './support/server-process.ts'
import { eventually } from './support/eventually.ts'
import { openStream } from './support/stream.ts'

// Recovery of the server process after an outage of the database: at the start, and with open streams.

const db = await testDatabase()
const issuer = await startTestIssuer()
afterAll(() => issuer.stop())
const proxy = await startDatabaseProxy()
const plan = await makePlan(db)

test('open streams get changes made during an outage', async () => {
  const server = await startServer(issuer, { DATABASE_URL: proxy.url, DATABASE_LISTEN_URL: proxy.url })
  for (const fault of ['refused', 'reset', 'silent'] as const) {
    const { id, subject } = await makeMember(db, { issuer: issuer.url })
    const stream = await openStream(server, { token: issuer.sign({ sub: subject }) })
    expect((await stream.next()).data.viewerChanged).toMatchObject({ id, membership: null })
    await proxy.set(fault)
    await makeMembership(db, id, plan.id)
    await eventually(async () => (await fetch(`${server.url}/health/ready`)).status === 503)
    await proxy.set('none')
    // Events that failed during the outage may come first.
    for (;;) {
      const { data } = await stream.next()
      if (data?.viewerChanged?.membership?.status === 'ACTIVE') break
    }
    await eventually(async () => (await fetch(`${server.url}/health/live`)).status === 200)
    stream.close()
  }
}, 120_000)

test.each(['refused', 'silent'] as const)(
  'a server started while the database is %s recovers',
  async (fault) => {
    await proxy.set(fault)
    const { child, output } = await run({
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: String(await freePort()),
      SITE_URL: 'https://site.invalid',
      // Unavailable, and not needed here.
      AUTH_ISSUER: 'https://issuer.invalid/',
      AUTH0_AUDIENCE: issuer.audience,
      DATABASE_URL: proxy.url,
    })
    const ready = once(child, 'message')
    for (let tries = 0; tries < 3_000 && !output().includes('the database cannot be reached'); tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    expect(output()).toContain('the database cannot be reached; trying again')
    await proxy.set('none')
    await ready
  },
  120_000,
)
