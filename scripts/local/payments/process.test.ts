import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { root } from '../../env.ts'
import { ownPorts } from '../../../server/test/support/own-ports.mjs'

let dataDir: string
let ports: Awaited<ReturnType<typeof ownPorts>>

beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'gatepost-payments-'))
  ports = await ownPorts()
})
afterEach(() => rm(dataDir, { recursive: true, force: true }))

function run(environment: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', path.join(root, 'scripts/local/payments/main.ts')], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { NO_DOTENV: '1', ...ports, DATA_DIR: dataDir, ...environment },
  })
}

test('says when it is ready, and ends in good order', async () => {
  const child = run()
  const [message] = (await once(child, 'message')) as [unknown]
  expect(message).toEqual({ ready: true, url: `http://localhost:${ports.PAYMENTS_PORT}/` })
  expect((await fetch(`http://localhost:${ports.PAYMENTS_PORT}/`)).status).toBe(200)
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  expect(await exit).toEqual([0, null])
}, 120_000)

test('refuses production in one line', async () => {
  const child = run({ NODE_ENV: 'production' })
  const errors: string[] = []
  child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  expect([code, errors.join('')]).toEqual([
    1,
    expect.stringMatching(/^The local payment provider could not start: [^\n]+\n$/),
  ])
}, 120_000)
