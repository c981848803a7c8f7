import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { ownPorts } from '../../server/test/support/own-ports.mjs'

const dataDir = mkdtempSync(path.join(os.tmpdir(), 'gatepost-start-'))

afterAll(() => rmSync(dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }))

const isTaken = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })

interface Started {
  readonly child: ChildProcess
  readonly output: () => string
  readonly ended: Promise<number | null>
}

function start(ports: Readonly<Record<string, string>>): Started {
  const { NODE_OPTIONS: _, npm_lifecycle_event: __, ...rest } = process.env
  const own = { NODE_ENV: 'development', NO_DOTENV: '1', DATA_DIR: dataDir, DATABASE_URL: '', LOG_LEVEL: 'warn' }
  const child = spawn(process.execPath, [path.resolve(import.meta.dirname, '../start.mjs'), '--api'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...rest, ...own, ...ports },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  return { child, output: () => output, ended: new Promise((resolve) => child.once('close', resolve)) }
}

async function running(started: Started): Promise<void> {
  while (!started.output().includes('Gatepost is running')) {
    if (started.child.exitCode !== null) throw new Error(started.output())
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function allFree(ports: readonly number[]): Promise<void> {
  while ((await Promise.all(ports.map(isTaken))).includes(true)) await new Promise((resolve) => setTimeout(resolve, 50))
}

test('serves, stops on SIGTERM, and leaves no process after kill -9', async () => {
  const settings = await ownPorts()
  // Without the site, its port stays free.
  const listening = ['PORT', 'IDENTITY_PORT', 'PAYMENTS_PORT', 'DATABASE_PORT'] as const
  const ports = listening.map((name) => Number(settings[name]))
  const first = start(settings)
  await running(first)
  const answer = await fetch(`http://localhost:${ports[0]}/graphql?query={articles(first:1){nodes{slug}}}`, {
    headers: { 'content-type': 'application/json' },
  })
  expect(await answer.json()).toMatchObject({ data: { articles: { nodes: [{}] } } })

  const second = start(settings)
  expect(await second.ended).toBe(1)
  for (const setting of listening) expect(second.output()).toContain(`Set ${setting} to another port`)

  first.child.kill('SIGTERM')
  expect(await first.ended).toBe(0)
  expect(await Promise.all(ports.map(isTaken))).toEqual([false, false, false, false])

  const third = start(settings)
  await running(third)
  third.child.kill('SIGKILL')
  await allFree(ports)
}, 180_000)
