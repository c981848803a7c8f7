import { once } from 'node:events'
import { Agent, request, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { afterAll, expect, test } from '@jest/globals'
import { startDatabaseProxy } from './support/database-proxy.ts'
import { testDatabase, testDatabaseUrl } from './support/database.ts'
import { startTestIssuer } from './support/issuer.ts'
import { ended, run, startServer } from './support/server-process.ts'

// The server process: start, signals, and messages if it cannot start.

await testDatabase()
const issuer = await startTestIssuer()
afterAll(() => issuer.stop())
const proxy = await startDatabaseProxy()
const start = () => startServer(issuer)

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('T28 %s stops it gracefully', async (signal) => {
  const { child, url } = await start()
  expect((await fetch(`${url}/health/live`)).status).toBe(200)
  const exit = ended(child)
  child.kill(signal)
  expect(await exit).toBe(0)
})

test('G43 a stop under load answers all requests and closes connections', async () => {
  const { child, url } = await start()
  const agent = new Agent({ keepAlive: true })
  const idle = new Agent({ keepAlive: true })
  const ask = (by: Agent) =>
    new Promise<string>((resolve, reject) => {
      const clientRequest = request(`${url}/graphql`, {
        method: 'POST',
        agent: by,
        headers: { 'content-type': 'application/json' },
      })
      clientRequest.on('response', (answer) => {
        answer.resume().on('end', () => resolve(`${answer.statusCode} ${answer.headers.connection}`))
      })
      clientRequest.on('error', reject).end('{"query":"{ articles(first: 20) { nodes { id title } } }"}')
    })
  expect(await ask(idle)).toBe('200 keep-alive')
  const [kept] = Object.values(idle.freeSockets).flat()
  const idleClosed = once(kept as NonNullable<typeof kept>, 'close')
  // More than run at a time, so that some have not started when the signal arrives.
  const answers = Promise.all(Array.from({ length: 20 }, () => ask(agent)))
  const exit = ended(child)
  await ask(new Agent({ keepAlive: true }))
  child.kill('SIGTERM')
  await idleClosed
  const count: Record<string, number> = {}
  for (const answer of await answers) count[answer] = (count[answer] ?? 0) + 1
  expect(await exit).toBe(0)
  expect((count['200 keep-alive'] ?? 0) + (count['200 close'] ?? 0)).toBe(20)
})

test('G43 a response during a stop has Connection: close', async () => {
  const { child, url } = await start()
  const body = '{"query":"{ __typename }"}'
  const clientRequest = request(`${url}/graphql`, {
    method: 'POST',
    agent: new Agent({ keepAlive: true }),
    headers: { 'content-type': 'application/json', 'content-length': body.length, expect: '100-continue' },
  })
  const answer = once(clientRequest, 'response') as Promise<[IncomingMessage]>
  clientRequest.flushHeaders()
  // The server has received the headers and waits for the body.
  await once(clientRequest, 'continue')
  const exit = ended(child)
  child.kill('SIGTERM')
  // Until the server no longer listens.
  while (
    await fetch(`${url}/health/live`).then(
      (health) => health.text(),
      () => null,
    )
  )
    continue
  clientRequest.end(body)
  const [{ statusCode, headers }] = await answer
  expect({ statusCode, connection: headers.connection }).toEqual({ statusCode: 200, connection: 'close' })
  expect(await exit).toBe(0)
})

test('G43 a stop does not wait for incomplete requests', async () => {
  const { child, url } = await start()
  const { port } = new URL(url)
  const head = 'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n'
  for (const host of ['127.0.0.1', '::1']) {
    for (const part of [head, `${head}\r\n{"query"`]) {
      const client = connect(Number(port), host)
      client.on('error', () => undefined)
      client.write(part)
      await once(client, 'ready')
    }
  }
  // After this response the server has received the data sent before it.
  await (await fetch(`${url}/health/live`)).text()
  const exit = ended(child)
  child.kill('SIGTERM')
  expect(await exit).toBe(0)
})

test('G43 a stop does not wait for a silent database', async () => {
  const { child, url } = await startServer(issuer, { DATABASE_URL: proxy.url, DATABASE_LISTEN_URL: proxy.url })
  const leave = new AbortController()
  await proxy.set('silent')
  const question = { method: 'POST', headers: { 'content-type': 'application/json' }, signal: leave.signal }
  const body = '{"query":"{ articles(first: 20) { nodes { id title } } }"}'
  const pending = Array.from({ length: 20 }, () =>
    fetch(`${url}/graphql`, { ...question, body }).catch(() => undefined),
  )
  await (await fetch(`${url}/health/ready`)).text()
  // No client waits any more; only the database's response is outstanding.
  leave.abort()
  await Promise.all(pending)
  const exit = ended(child)
  child.kill('SIGTERM')
  expect(await exit).toBe(0)
})

test('F21 listens on both addresses of localhost', async () => {
  const { url } = await start()
  const { port } = new URL(url)
  for (const host of ['127.0.0.1', '[::1]']) {
    expect((await fetch(`http://${host}:${port}/health/live`)).status).toBe(200)
  }
})

test('two signals at once count as one', async () => {
  const { child } = await start()
  const exit = ended(child)
  child.kill('SIGTERM')
  child.kill('SIGINT')
  expect(await exit).toBe(0)
})

test('stops when its parent process has exited', async () => {
  const { child } = await start()
  const exit = ended(child)
  child.disconnect()
  expect(await exit).toBe(0)
})

test('T28 SIGUSR2 reloads the keys', async () => {
  const { child, url } = await start()
  const before = issuer.fetches.keys
  child.kill('SIGUSR2')
  for (let tries = 0; tries < 100 && issuer.fetches.keys === before; tries += 1)
    await new Promise((r) => setTimeout(r, 50))
  expect(issuer.fetches.keys).toBe(before + 1)
  expect((await fetch(`${url}/health/live`)).status).toBe(200)
})

test('F10 reports a taken port in one line', async () => {
  const { url } = await start()
  const { child, output } = await run({
    PORT: new URL(url).port,
    DATABASE_URL: testDatabaseUrl(),
    AUTH_ISSUER: issuer.url,
    AUTH0_AUDIENCE: issuer.audience,
    LOG_LEVEL: 'silent',
  })
  expect(await ended(child)).toBe(1)
  expect(output()).toBe(`Port ${new URL(url).port} is taken. Stop the program that uses it, or set PORT.\n`)
})

test('F11 lists all invalid settings without their values', async () => {
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

test('F10 reports a taken port of the metrics in one line', async () => {
  const { url } = await start()
  const { child, output } = await run({
    METRICS_PORT: new URL(url).port,
    DATABASE_URL: testDatabaseUrl(),
    AUTH_ISSUER: issuer.url,
    AUTH0_AUDIENCE: issuer.audience,
    LOG_LEVEL: 'silent',
  })
  expect(await ended(child)).toBe(1)
  expect(output()).toBe(`Port ${new URL(url).port} is taken. Stop the program that uses it, or set METRICS_PORT.\n`)
})
