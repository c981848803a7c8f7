import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { businessClock, type BusinessClockSettings } from './business-now.ts'

const day = 86_400_000
let answer: string
let requestCount = 0
const server = createServer((request, response) => {
  requestCount += 1
  if (request.url !== '/_local/clock') response.writeHead(404)
  response.end(answer)
})
let dataDir: string
let running: URL
const away = new URL('http://127.0.0.1:9')

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  running = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  dataDir = await mkdtemp(path.join(os.tmpdir(), 'gatepost-clock-'))
  await mkdir(path.join(dataDir, 'payments'))
})
afterAll(async () => {
  server.close()
  await rm(dataDir, { recursive: true })
})

const keep = (text: string) => writeFile(path.join(dataDir, 'payments', 'state.json'), text)
const daysAhead = async (apiBase: URL | null, more: Partial<BusinessClockSettings> = {}): Promise<number> => {
  const payments = { secretKey: 'sk_test_x', livemode: false, webhookSecrets: [], apiBase }
  const settings = { dataDir, production: false, usesLocalPayments: true, server: { payments }, ...more }
  const clock = await businessClock(settings)
  // A millisecond may pass between the two readings. Adding 0 turns -0 into 0.
  return Math.round((clock.business().getTime() - clock.wall().getTime()) / day) + 0
}

test('asks a running provider', async () => {
  answer = JSON.stringify({ now: 'whatever', offsetMilliseconds: 40 * day })
  await keep(JSON.stringify({ offsetMilliseconds: 30 * day }))
  expect(await daysAhead(running)).toBe(40)
})

test('reads the file of a provider that does not run', async () => {
  await keep(JSON.stringify({ version: 1, offsetMilliseconds: 30 * day, tables: {} }))
  expect(await daysAhead(away)).toBe(30)
  // Another provider keeps its file elsewhere.
  expect(await daysAhead(away, { usesLocalPayments: false })).toBe(0)
})

test.each(['', '{', '{}', 'null', '[]', '{"offsetMilliseconds":"1"}', '{"offsetMilliseconds":1e300}'])(
  'is wall time if both return %j',
  async (text) => {
    answer = text
    await keep(text)
    expect(await daysAhead(running)).toBe(0)
  },
)

test('is wall time without a file', async () => {
  expect(await daysAhead(away, { dataDir: path.join(dataDir, 'nowhere') })).toBe(0)
})

test.each([
  ['with Stripe itself', null, {}],
  ['in production', 'running', { production: true }],
] as const)('is wall time %s', async (_when, base, more) => {
  answer = JSON.stringify({ offsetMilliseconds: 40 * day })
  await keep(answer)
  const before = requestCount
  expect(await daysAhead(base && running, more)).toBe(0)
  expect(requestCount).toBe(before)
})
