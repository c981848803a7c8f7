import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import pg from 'pg'
import { freePort } from '../../test/support/free-ports.mjs'
import { onRealPostgres, testDatabase, testDatabaseUrl } from '../../test/support/database.ts'
import {
  heartbeat,
  listenForChanges,
  reconnectPauses,
  type ChangeFeed,
  type ChangeFeedOptions,
} from './notifications.ts'

const db = await testDatabase()
const feeds: ChangeFeed[] = []
const sockets = new Set<Socket>()
let proxy: Server
let port: number
/** Whether the proxy between the feed and the database forwards data. */
let proxyPasses = true
/** Number of heartbeats of all feeds. */
let heartbeats = 0

beforeAll(async () => {
  const { hostname, port: databasePort } = new URL(testDatabaseUrl())
  proxy = createServer((near) => {
    const far = connect(Number(databasePort || 5432), hostname)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.on('error', () => undefined)
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
      one.on('data', (bytes: Buffer) => {
        if (bytes.includes('SELECT 1')) heartbeats += 1
        if (proxyPasses) other.write(bytes)
      })
    }
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  port = (proxy.address() as { port: number }).port
})

afterEach(async () => {
  proxyPasses = true
  await Promise.all(feeds.splice(0).map((feed) => feed.stop()))
})

afterAll(() => {
  for (const socket of sockets) socket.destroy()
  proxy.close()
})

/** Starts a feed through the proxy. `calls` collects its callbacks. */
async function follow(options: Partial<ChangeFeedOptions> = {}): Promise<{ calls: string[]; feed: ChangeFeed }> {
  const url = new URL(testDatabaseUrl())
  url.host = `127.0.0.1:${port}`
  const calls: string[] = []
  const feed = listenForChanges({
    connection: { connectionString: url.href },
    channels: ['feed_one', 'Feed "two"'],
    onChange: (channel, payload) => calls.push(`${channel}: ${payload}`),
    onConnected: () => calls.push('connected'),
    onLost: () => calls.push('lost'),
    ...options,
  })
  feeds.push(feed)
  return { calls, feed }
}

async function until(calls: readonly string[], ...wanted: readonly string[]): Promise<void> {
  for (let tries = 0; tries < 1000 && calls.length < wanted.length; tries += 1) await sleep(10)
  expect(calls).toEqual(wanted)
}

const tell = (channel: string, payload: string) => db.$executeRaw`SELECT pg_notify(${channel}, ${payload})`

test('reports committed notifications on its channels', async () => {
  const { calls } = await follow()
  await until(calls, 'connected')
  await tell('feed_other', 'x')
  await tell('feed_one', 'a')
  await tell('Feed "two"', 'b')
  await until(calls, 'connected', 'feed_one: a', 'Feed "two": b')
})

test('reports nothing that was rolled back', async () => {
  const { calls } = await follow()
  await until(calls, 'connected')
  const undone = db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_notify('feed_one', 'undone')`
    throw new Error('undone')
  })
  await expect(undone).rejects.toThrow('undone')
  await db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_notify('feed_one', 'done')`
    // The local database has one transaction at a time.
    if (onRealPostgres) await tell('feed_one', 'meanwhile')
  })
  await until(calls, 'connected', ...(onRealPostgres ? ['feed_one: meanwhile'] : []), 'feed_one: done')
})

/** Ends the feed's connection from the server's side. The local database has no pg_terminate_backend, so the sockets are destroyed. */
async function cut(): Promise<void> {
  if (!onRealPostgres) return sockets.forEach((socket) => void socket.destroy())
  const admin = new pg.Client({ connectionString: testDatabaseUrl() })
  await admin.connect()
  await admin.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE application_name = 'gatepost changes' AND datname = current_database()`,
  )
  await admin.end()
}

test('reconnects after each lost connection', async () => {
  const { calls } = await follow()
  await until(calls, 'connected')
  for (const [round, payload] of ['a', 'b'].entries()) {
    calls.length = 0
    await cut()
    await until(calls, 'lost', 'connected')
    await tell('feed_one', payload)
    await until(calls, 'lost', 'connected', `feed_one: ${payload}`)
    expect(round).toBeLessThan(2)
  }
})

test('detects a connection that died silently', async () => {
  const { calls } = await follow({ checkMilliseconds: 50, answerMilliseconds: 2_000 })
  await until(calls, 'connected')
  for (const enough = heartbeats + 4; heartbeats < enough;) await sleep(10)
  expect(calls).toEqual(['connected'])
  proxyPasses = false
  for (let tries = 0; tries < 500 && !calls.includes('lost'); tries += 1) await sleep(10)
  proxyPasses = true
  for (let tries = 0; tries < 500 && calls.at(-1) !== 'connected'; tries += 1) await sleep(10)
  expect([calls[1], calls.at(-1)]).toEqual(['lost', 'connected'])
  await tell('feed_one', 'a')
  for (let tries = 0; tries < 500 && calls.at(-1) !== 'feed_one: a'; tries += 1) await sleep(10)
  expect(calls.at(-1)).toBe('feed_one: a')
})

test('retries with growing pauses until it is stopped', async () => {
  const lost: { error: Error; at: number }[] = []
  const nowhere = `postgresql://nobody@127.0.0.1:${await freePort()}/gone_test`
  const { feed, calls } = await follow({
    connection: { connectionString: nowhere },
    onLost: (error) => lost.push({ error, at: Date.now() }),
  })
  for (let tries = 0; tries < 500 && lost.length < 3; tries += 1) await sleep(10)
  const begun = Date.now()
  await feed.stop()
  expect(Date.now() - begun).toBeLessThan(200)
  expect(lost.length).toBe(3)
  expect(lost[0]?.error).toMatchObject({ code: 'ECONNREFUSED' })
  const pauses = lost.slice(1).map(({ at }, index) => at - (lost[index]?.at ?? 0))
  expect(pauses[0]).toBeGreaterThanOrEqual(240)
  expect(pauses[1]).toBeGreaterThanOrEqual(480)
  expect(calls).toEqual([])
})

test('a stopped feed closes its connection and is silent', async () => {
  const { calls, feed } = await follow()
  await until(calls, 'connected')
  await feed.stop()
  for (let tries = 0; tries < 500 && sockets.size > 0; tries += 1) await sleep(10)
  expect(sockets.size).toBe(0)
  const other = await follow()
  await until(other.calls, 'connected')
  await tell('feed_one', 'late')
  await until(other.calls, 'connected', 'feed_one: late')
  expect(calls).toEqual(['connected'])
})

test('stops at once while it connects', async () => {
  proxyPasses = false
  const connecting = once(proxy, 'connection')
  const { calls, feed } = await follow()
  await connecting
  const begun = Date.now()
  await feed.stop()
  expect(Date.now() - begun).toBeLessThan(1_000)
  expect(calls).toEqual([])
})

test('detects a loss within 10 s and reconnects within 5 s', () => {
  const { checkMilliseconds: check, answerMilliseconds: answer } = heartbeat
  const { first, longest } = reconnectPauses
  expect(check + answer + first).toBeLessThan(10_000)
  expect(longest + answer).toBeLessThan(5_000)
})
