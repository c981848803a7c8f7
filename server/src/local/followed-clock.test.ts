import { createServer, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from '@jest/globals'
import { followClock, type FollowedClock } from './followed-clock.ts'

// The tests start a minimal provider that sends the offset in lines and records acknowledgements.

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanUp.splice(0).reverse()) await clean()
})

interface Provider {
  readonly base: URL
  readonly acknowledged: unknown[]
  /** Sends raw text to all listeners. */
  readonly say: (text: string) => void
  readonly tell: (sequence: number, offsetMilliseconds: number) => void
  readonly listeners: () => number
  /** Ends all streams. A listener that reconnects gets the latest offset. */
  readonly hangUp: () => void
  readonly close: () => Promise<void>
}

async function startProvider(greeting: string | null, port = 0): Promise<Provider> {
  const acknowledged: unknown[] = []
  const streams = new Set<ServerResponse>()
  let last = greeting
  const server = createServer((request, response) => {
    if (request.url === '/_local/clock/stream') {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' })
      response.flushHeaders()
      streams.add(response)
      response.on('close', () => streams.delete(response))
      if (last !== null) response.write(last)
      return
    }
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      acknowledged.push([request.method, request.url, JSON.parse(body)])
      response.end('{}')
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const close = async () => {
    if (!server.listening) return
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  }
  cleanUp.push(close)
  const say = (text: string) => {
    last = text
    for (const stream of streams) stream.write(text)
  }
  return {
    base: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    acknowledged,
    say,
    tell: (sequence, offsetMilliseconds) => say(line(sequence, offsetMilliseconds)),
    listeners: () => streams.size,
    hangUp: () => streams.forEach((stream) => stream.destroy()),
    close,
  }
}

const line = (sequence: number, offsetMilliseconds: number): string =>
  `${JSON.stringify({ listener: 'l1', sequence, offsetMilliseconds })}\n`
const ack = (sequence: number) => ['POST', '/_local/clock/ack', { listener: 'l1', sequence }]
const year = 365 * 86_400_000

/** @param wait longest wait for the first line; the default suits a slow machine */
async function follow(base: URL, wait = 50_000): Promise<{ clock: FollowedClock; logs: string[] }> {
  const logs: string[] = []
  const clock = await followClock(base, (text) => logs.push(text), wait)
  cleanUp.push(() => clock.stop())
  return { clock, logs }
}

const ahead = (clock: FollowedClock): number => clock.business().getTime() - clock.wall().getTime()

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10))
}

test('has the offset when the promise resolves', async () => {
  const { base, acknowledged } = await startProvider(line(0, year))
  const { clock } = await follow(base)
  expect(ahead(clock)).toBeGreaterThan(year - 1000)
  expect(acknowledged).toEqual([ack(0)])
})

test('acknowledges a move after the listeners have run', async () => {
  const provider = await startProvider(line(0, 0))
  const { clock } = await follow(provider.base)
  const seen: [acknowledged: number, aYearAhead: boolean][] = []
  const off = clock.onJump(() => seen.push([provider.acknowledged.length, ahead(clock) > year - 1000]))
  provider.tell(1, year)
  await until(() => provider.acknowledged.length === 2)
  // An unchanged offset calls no listener and is acknowledged.
  provider.tell(2, year)
  await until(() => provider.acknowledged.length === 3)
  expect(seen).toEqual([[1, true]])
  off()
  provider.tell(3, 2 * year)
  await until(() => provider.acknowledged.length === 4)
  expect(seen).toHaveLength(1)
  expect(provider.acknowledged).toEqual([ack(0), ack(1), ack(2), ack(3)])
})

test('reads lines that arrive in parts', async () => {
  const provider = await startProvider(line(0, 0))
  const { clock } = await follow(provider.base)
  const text = `\n${line(1, 1000)}${line(2, year)}`
  for (const part of [text.slice(0, 9), text.slice(9, 80), text.slice(80)]) {
    provider.say(part)
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
  await until(() => provider.acknowledged.length === 3)
  expect(ahead(clock)).toBeGreaterThan(year - 1000)
})

test('keeps the last offset during an outage, then reconnects', async () => {
  const provider = await startProvider(line(4, year))
  const { clock, logs } = await follow(provider.base)
  await provider.close()
  await until(() => logs.some((text) => text.includes('cannot be reached')))
  expect(ahead(clock)).toBeGreaterThan(year - 1000)
  let jumps = 0
  clock.onJump(() => (jumps += 1))
  const again = await startProvider(line(0, 2 * year), Number(provider.base.port))
  await until(() => again.acknowledged.length === 1)
  expect([jumps, ahead(clock) > 2 * year - 1000]).toEqual([1, true])
  expect(logs.filter((text) => text.includes('cannot be reached'))).toHaveLength(1)
  expect(logs).toContain('connected to the business clock again')
})

test('reconnects after the stream has ended', async () => {
  const provider = await startProvider(line(0, 1000))
  await follow(provider.base)
  provider.hangUp()
  await until(() => provider.acknowledged.length === 2)
  expect(provider.listeners()).toBe(1)
})

test.each([
  ['no JSON', 'hello\n'],
  ['no offset', '{"listener":"l1","sequence":1}\n'],
  ['an offset that is not a number', '{"listener":"l1","sequence":1,"offsetMilliseconds":"1000"}\n'],
  ['an offset out of range', '{"listener":"l1","sequence":1,"offsetMilliseconds":1e300}\n'],
  ['null', 'null\n'],
  ['a line that is too long', 'x'.repeat(20_000)],
])('keeps its offset after %s', async (_what, text) => {
  const provider = await startProvider(line(0, year))
  const { clock, logs } = await follow(provider.base)
  provider.say(text)
  await until(() => logs.some((entry) => entry.includes('cannot be reached')))
  expect(ahead(clock)).toBeGreaterThan(year - 1000)
  expect(provider.acknowledged).toEqual([ack(0)])
})

test('starts immediately at wall time without a provider', async () => {
  const { base, close } = await startProvider(null)
  await close()
  const { clock, logs } = await follow(base)
  expect(Math.abs(ahead(clock))).toBeLessThan(1000)
  expect(logs).toEqual(['the business clock cannot be reached: ECONNREFUSED'])
})

test('starts after a timeout with a silent provider', async () => {
  const provider = await startProvider(null)
  const begun = Date.now()
  const { clock } = await follow(provider.base, 200)
  expect(Date.now() - begun).toBeGreaterThanOrEqual(190)
  expect(Math.abs(ahead(clock))).toBeLessThan(1000)
  await until(() => provider.listeners() === 1)
  provider.tell(1, year)
  await until(() => provider.acknowledged.length === 1)
  expect(ahead(clock)).toBeGreaterThan(year - 1000)
})

test('a stopped clock does not reconnect', async () => {
  const provider = await startProvider(line(0, 1000))
  const { clock, logs } = await follow(provider.base)
  await follow(provider.base)
  clock.stop()
  await until(() => provider.listeners() === 1)
  // The other clock reconnects after the same pause.
  provider.hangUp()
  await until(() => provider.acknowledged.length === 3)
  expect(provider.listeners()).toBe(1)
  expect(logs.filter((text) => text.includes('cannot be reached'))).toEqual([])
})
