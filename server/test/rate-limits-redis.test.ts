import { createServer, type AddressInfo, type Socket } from 'node:net'
import { afterAll, expect, test } from '@jest/globals'
import { Redis } from 'ioredis'
import { startTestApp, type TestApp } from './support/app.ts'
import { makeMember, unique } from './support/factories.ts'
import { expectUnharmed } from './support/http.ts'
import { networkFaults, startTcpProxy } from './support/tcp-proxy.ts'

// Processes share rate limits through Redis. While Redis is unavailable, slow or broken, each process counts for itself, and requests
// are neither blocked nor unlimited. Some tests need a real Redis (TEST_REDIS_URL).

const realRedis = process.env.TEST_REDIS_URL
const whereRedisIs = realRedis === undefined ? test.skip : test

const first = await startTestApp()
const limit = 6
const withRedis = (REDIS_URL: string) =>
  startTestApp({ env: { REDIS_URL, RATE_LIMIT_MEMBER: String(limit) }, beside: first })

/** Starts a TCP server that behaves like a broken Redis. */
async function listen(onConnection: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined))
    onConnection(socket)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  afterAll(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `redis://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const newMember = async () =>
  first.issuer.sign({ sub: (await makeMember(first.db, { issuer: first.issuer.url })).subject })
const ask = async (app: TestApp, token: string) => (await app.ask('{ viewer { id } }', { token })).status

/** Sends queries to the apps in turn. @returns the statuses */
async function askInTurns(apps: readonly TestApp[], token: string, count: number): Promise<number[]> {
  const statuses: number[] = []
  for (let index = 0; index < count; index += 1) statuses.push(await ask(apps[index % apps.length] as TestApp, token))
  return statuses
}
const answered = (statuses: readonly number[]) => statuses.filter((status) => status === 200).length

/** Waits until both apps have connected to Redis in the background. */
async function untilShared(a: TestApp, b: TestApp): Promise<void> {
  for (let tries = 0; tries < 50; tries += 1) {
    const token = await newMember()
    await ask(a, token)
    const { headers } = await b.ask('{ viewer { id } }', { token })
    if (headers.get('ratelimit-remaining') === String(limit - 2)) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('the apps did not share a limit')
}

const broken: [string, () => Promise<string>][] = [
  ['is away', async () => 'redis://127.0.0.1:1'],
  ['never answers', () => listen(() => undefined)],
  ['hangs up', () => listen((socket) => socket.destroy())],
  [
    'speaks HTTP',
    () => listen((socket) => void socket.on('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'))),
  ],
  ['refuses everything', () => listen((socket) => void socket.on('data', () => socket.write('-ERR no\r\n')))],
  [
    'allows everything',
    () => listen((socket) => void socket.on('data', () => socket.write('*2\r\n$7\r\nallowed\r\n$5\r\n0.000\r\n'))),
  ],
  ['answers with strings', () => listen((socket) => void socket.on('data', () => socket.write('$3\r\nabc\r\n')))],
]
const apps = await Promise.all(broken.map(async ([title, url]) => [title, await withRedis(await url())] as const))

test.each(apps)('G32 F12: if Redis %s, each process limits by itself', async (_title, app) => {
  const token = await newMember()
  expect(await askInTurns([app], token, 2 * limit)).toEqual([...Array(limit).fill(200), ...Array(limit).fill(429)])
  expect(await ask(app, await newMember())).toBe(200)
  const lines = app.logs.filter((line) => line.includes('Redis failed; rate limits are counted by this process only'))
  expect(lines).toHaveLength(1)
  await expectUnharmed(app, await app.ask('{ viewer { id } }', { token }))
})

/** A proxy in front of the real Redis. */
const target = new URL(realRedis ?? 'redis://127.0.0.1:1')
const proxy = await startTcpProxy({ host: target.hostname, port: Number(target.port || 6379) })
// The same Redis database, so that the servers find the values that the test writes.
const shared = `redis://127.0.0.1:${proxy.port}${target.pathname}`
const [a, b] = realRedis === undefined ? [first, first] : [await withRedis(shared), await withRedis(shared)]

whereRedisIs('G32: two processes with one Redis count together', async () => {
  await untilShared(a, b)
  const token = await newMember()
  expect(await askInTurns([a, b], token, 2 * limit)).toEqual([...Array(limit).fill(200), ...Array(limit).fill(429)])
  expect(answered(await askInTurns([a, b], await newMember(), 4))).toBe(4)
})

whereRedisIs.each(networkFaults)('F12: continues without a Redis whose network is %s', async (fault) => {
  await proxy.set(fault)
  // At worst each process counts for itself, so at most twice the limit. Requests within the limit are not refused.
  const count = answered(await askInTurns([a, b], await newMember(), 3 * limit))
  if (fault === 'flapping') expect(count).toBeGreaterThanOrEqual(limit)
  else expect(count).toBe(2 * limit)
  expect(count).toBeLessThanOrEqual(2 * limit)
  await proxy.set('none')
  await untilShared(a, b)
})

const poisons: [string, (redis: Redis, key: string) => Promise<unknown>][] = [
  ...['abc', '', '-1', '-1e300', '0', '1e9', '9223372036854775807', 'inf', 'nan', '0x7fffffffffff'].map(
    (value): [string, (redis: Redis, key: string) => Promise<unknown>] => [
      `${JSON.stringify(value)} with a TTL`,
      (redis, key) => redis.set(key, value, 'PX', 60_000),
    ],
  ),
  ['a count without a TTL', (redis, key) => redis.set(key, '999999')],
  ['a time of yesterday', (redis, key) => redis.set(key, String(Date.now() - 86_400_000))],
  ['a time of tomorrow', (redis, key) => redis.set(key, String(Date.now() + 86_400_000))],
  ['a list', (redis, key) => redis.rpush(key, '1')],
  ['a hash', (redis, key) => redis.hset(key, 'a', '1')],
]
whereRedisIs.each(poisons)('G48: %s does not affect the limit', async (_title, poison) => {
  const redis = new Redis(realRedis ?? '')
  try {
    const subject = `auth0|${unique()}`
    const token = first.issuer.sign({ sub: subject })
    await poison(redis, `gatepost-bucket-m:${first.issuer.url} ${subject}`)
    expect(await askInTurns([a], token, 2 * limit)).toEqual([...Array(limit).fill(200), ...Array(limit).fill(429)])
  } finally {
    await redis.quit()
  }
})

whereRedisIs('G48: what is written to Redis goes away by itself', async () => {
  const redis = new Redis(realRedis ?? '')
  try {
    const subject = `auth0|${unique()}`
    await ask(a, first.issuer.sign({ sub: subject }))
    const left = await redis.pttl(`gatepost-bucket-m:${first.issuer.url} ${subject}`)
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThanOrEqual(60_000 / limit)
  } finally {
    await redis.quit()
  }
})
