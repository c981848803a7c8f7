import { afterAll, expect, test } from '@jest/globals'
import { testDatabase, testDatabaseUrl } from './support/database.ts'
import { startTestIssuer } from './support/issuer.ts'
import { ended, run, startServer } from './support/server-process.ts'

// The server as the process that it is: how it starts, what signals do, and what it says when it cannot start.

await testDatabase()
const issuer = await startTestIssuer()
afterAll(() => issuer.stop())
const start = () => startServer(issuer)

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('T28 %s stops it in good order', async (signal) => {
  const { child, url } = await start()
  expect((await fetch(`${url}/health/live`)).status).toBe(200)
  const exit = ended(child)
  child.kill(signal)
  expect(await exit).toBe(0)
})

test('a signal that arrives twice at once is one', async () => {
  const { child } = await start()
  const exit = ended(child)
  child.kill('SIGTERM')
  child.kill('SIGINT')
  expect(await exit).toBe(0)
})

test('it stops when whoever started it is gone', async () => {
  const { child } = await start()
  const exit = ended(child)
  child.disconnect()
  expect(await exit).toBe(0)
})

test('T28 SIGUSR2 fetches the keys anew', async () => {
  const { child, url } = await start()
  const before = issuer.fetches.keys
  child.kill('SIGUSR2')
  for (let tries = 0; tries < 100 && issuer.fetches.keys === before; tries += 1)
    await new Promise((r) => setTimeout(r, 50))
  expect(issuer.fetches.keys).toBe(before + 1)
  expect((await fetch(`${url}/health/live`)).status).toBe(200)
})

test('F10 a taken port is one line', async () => {
  const { url } = await start()
  const { child, output } = await run({
    PORT: new URL(url).port,
    DATABASE_URL: testDatabaseUrl(),
    AUTH_ISSUER: issuer.url,
    AUTH0_AUDIENCE: issuer.audience,
    LOG_LEVEL: 'silent',
  })
  expect(await ended(child)).toBe(1)
  expect(output()).toBe(`Port ${new URL(url).port} is taken. Stop what uses it, or set PORT.\n`)
})

test('F11 bad settings are listed, all of them, without their values', async () => {
  const { child, output } = await run({
    NODE_ENV: 'production',
    PORT: 'eighty',
    DATABASE_URL: 'mysql://root:hunter2@db/x',
    AUTH0_DOMAIN: 'https://tenant.example',
  })
  expect(await ended(child)).toBe(1)
  for (const name of ['PORT', 'DATABASE_URL', 'AUTH0_DOMAIN']) expect(output()).toContain(`- ${name} `)
  expect(output()).not.toContain('hunter2')
})

test('F10 a taken port of the metrics is one line too', async () => {
  const { url } = await start()
  const { child, output } = await run({
    METRICS_PORT: new URL(url).port,
    DATABASE_URL: testDatabaseUrl(),
    AUTH_ISSUER: issuer.url,
    AUTH0_AUDIENCE: issuer.audience,
    LOG_LEVEL: 'silent',
  })
  expect(await ended(child)).toBe(1)
  expect(output()).toBe(`Port ${new URL(url).port} is taken. Stop what uses it, or set METRICS_PORT.\n`)
})
