import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { ownPorts } from '../../../server/test/support/own-ports.mjs'
import { root } from '../../env.ts'
import { longText, makeTestSite, type TestSite } from './test-site.ts'

let folder: TestSite
let ports: Awaited<ReturnType<typeof ownPorts>>

beforeEach(async () => {
  folder = await makeTestSite()
  ports = await ownPorts()
})
afterEach(() => folder.remove())

function start() {
  const main = path.join(root, 'scripts/local/site/main.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', main, '--folder', folder.folder], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { NO_DOTENV: '1', ...ports },
  })
  const texts = { stdout: '', stderr: '' }
  child.stdout?.on('data', (chunk: Buffer) => (texts.stdout += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (texts.stderr += chunk.toString()))
  return { child, texts, closed: once(child, 'close') as Promise<[number | null, string | null]> }
}

test('says when it is ready, serves, and ends in good order', async () => {
  const { child, texts, closed } = start()
  const url = `http://localhost:${ports.SITE_PORT}/`
  expect((await once(child, 'message'))[0]).toEqual({ ready: true, url })
  expect(await (await fetch(url)).text()).toBe(longText('home'))
  expect((await fetch(`${url}nothing`)).status).toBe(404)
  child.kill('SIGTERM')
  expect(await closed).toEqual([0, null])
  expect(texts).toEqual({ stdout: `${JSON.stringify({ ready: true, url })}\n`, stderr: '' })
}, 60_000)

test('ends when its parent is gone', async () => {
  const { child } = start()
  await once(child, 'message')
  const exit = once(child, 'exit')
  child.disconnect()
  expect(await exit).toEqual([0, null])
}, 60_000)

test.each([
  ['has no site yet', () => rm(path.join(folder.folder, 'index.html')), /Run `npm run build`\.$/],
  ['has half a site', () => rm(path.join(folder.folder, '_headers')), /Run `npm run build`\.$/],
  ['is not there', () => rm(folder.folder, { recursive: true }), /Run `npm run build`\.$/],
  [
    'has rules that cannot be read',
    () => folder.write('_headers', 'X-A: b'),
    /_headers, line 1: "X-A: b" is not a path/,
  ],
])(
  'says in one line why it does not start where the folder %s',
  async (_what, change, reason) => {
    await change()
    const { texts, closed } = start()
    expect(await closed).toEqual([1, null])
    expect(texts.stdout).toBe('')
    expect(texts.stderr).toMatch(/^The site's server could not start: [^\n]+\n$/)
    expect(texts.stderr.trim()).toMatch(reason)
  },
  60_000,
)
