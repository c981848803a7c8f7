import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { once } from 'node:events'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import path from 'node:path'
import { redeem, TestBrowser } from './test-browser.ts'
import { makeTestHome, runScript, startTestProvider, type TestHome } from './test-provider.ts'

const main = 'scripts/local/identity/main.ts'
const production = {
  NODE_ENV: 'production',
  AUTH0_DOMAIN: 'example.eu.auth0.com',
  AUTH0_AUDIENCE: 'https://api.example.test',
  DATABASE_URL: 'postgresql://user:hidden-password@127.0.0.1/none',
  SITE_URL: 'https://example.test',
}

let home: TestHome

beforeEach(async () => {
  home = await makeTestHome()
})
afterEach(() => home.remove())

test('keeps keys and sessions over a restart', async () => {
  const first = await startTestProvider(home)
  const browser = new TestBrowser(first)
  const { body } = await redeem(first, await browser.signIn({ name: 'Ada King' }))
  const keysBefore = await (await fetch(new URL('/.well-known/jwks.json', first.url))).text()
  expect(await first.stop()).toBe(0)

  const second = await startTestProvider(home)
  expect(await (await fetch(new URL('/.well-known/jwks.json', second.url))).text()).toBe(keysBefore)
  expect(await browser.askSilently()).toBe('code')
  const headers = { authorization: `Bearer ${body.access_token}` }
  const profile = await fetch(new URL('/userinfo', second.url), { headers })
  expect(await profile.json()).toMatchObject({ name: 'Ada King' })
  await second.stop()
}, 60_000)

test('keeps what it keeps to its owner', async () => {
  const provider = await startTestProvider(home)
  await new TestBrowser(provider).signIn({ persona: 'reader' })
  await provider.stop()
  const modes = await Promise.all(
    ['', 'keys.json', 'sessions.json'].map((name) => stat(path.join(home.dataDir, 'identity', name))),
  )
  expect(modes.map(({ mode }) => (mode & 0o777).toString(8))).toEqual(['700', '600', '600'])
}, 60_000)

test('starts over from damaged sessions', async () => {
  const first = await startTestProvider(home)
  const browser = new TestBrowser(first)
  await browser.signIn({ persona: 'reader' })
  await first.stop()
  await writeFile(path.join(home.dataDir, 'identity', 'sessions.json'), '{"Session":[["a",nu')
  const second = await startTestProvider(home)
  expect(await browser.askSilently()).toBe('login_required')
  await second.stop()
}, 60_000)

test('names damaged keys and stops', async () => {
  const first = await startTestProvider(home)
  await first.stop()
  const file = path.join(home.dataDir, 'identity', 'keys.json')
  await writeFile(file, (await readFile(file, 'utf8')).slice(0, 200))
  const { code, stderr } = await runScript(main, [], home)
  expect(code).toBe(1)
  expect(stderr).toMatch(/^The local identity provider could not start: .*keys\.json are damaged\..*\n$/)
}, 60_000)

test.each([
  ['with production settings', production],
  ['with nothing else set', { NODE_ENV: 'production' }],
])(
  'refuses production in one line, %s',
  async (_what, environment) => {
    const { code, stdout, stderr } = await runScript(main, [], home, { environment })
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^The local identity provider could not start: [^\n]+\n$/)
    expect(stderr).not.toContain('hidden-password')
  },
  60_000,
)

test.each(['127.0.0.1', '::1'])(
  'names a port that is taken on %s',
  async (host) => {
    const other = createServer().listen(home.identityPort, host)
    await once(other, 'listening')
    const { code, stderr } = await runScript(main, [], home)
    other.close()
    expect(code).toBe(1)
    expect(stderr).toMatch(new RegExp(`^[^\\n]*Port ${home.identityPort} is taken[^\\n]*\\n$`))
  },
  60_000,
)

test('ends when its parent is gone', async () => {
  const provider = await startTestProvider(home)
  const exit = once(provider.process, 'exit')
  provider.process.disconnect()
  expect(await exit).toEqual([0, null])
}, 60_000)

test('says when it is ready in one line', async () => {
  const provider = await startTestProvider(home)
  const line = new Promise((resolve) =>
    provider.process.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString())),
  )
  expect(await line).toBe(`${JSON.stringify({ ready: true, url: provider.url })}\n`)
  await provider.stop()
}, 60_000)
