import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, expect, test } from '@jest/globals'
import pg from 'pg'
import { ownPorts } from '../../../server/test/support/own-ports.mjs'

const main = path.join(import.meta.dirname, 'main.ts')
const started: ChildProcess[] = []
// To make a database takes 5 s of CPU: one for all tests, which the first of them makes.
const temporary = mkdtempSync(path.join(os.tmpdir(), 'gatepost-database-'))
const dataDir = path.join(temporary, 'shared')

afterEach(async () => {
  await Promise.all(started.splice(0).map(kill))
})

afterAll(() => rmSync(temporary, { recursive: true, force: true }))

interface Started {
  readonly child: ChildProcess
  /** Null: it ended instead. */
  readonly url: string | null
  readonly complaint: string
  readonly code: number | null
}

async function start(flags: readonly string[], env: Record<string, string> = {}): Promise<Started> {
  const { NODE_OPTIONS: _, ...rest } = process.env
  const ports = await ownPorts()
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...flags], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...rest, ...ports, NODE_ENV: 'development', NO_DOTENV: '1', DATA_DIR: dataDir, DATABASE_URL: '', ...env },
  })
  started.push(child)
  let complaint = ''
  child.stderr?.on('data', (chunk: Buffer) => (complaint += chunk.toString()))
  return new Promise((resolve) => {
    child.once('message', (message) => resolve({ child, url: (message as { url: string }).url, complaint, code: null }))
    child.once('close', (code) => resolve({ child, url: null, complaint, code }))
  })
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await ended
}

async function ask(url: string | null, ...statements: string[]): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url ?? '' })
  client.on('error', () => undefined)
  await client.connect()
  try {
    let rows: unknown[] = []
    for (const statement of statements) rows = (await client.query(statement)).rows
    return rows
  } finally {
    await client.end().catch(() => undefined)
  }
}

test('begins anew after an interrupted first start', async () => {
  const unfinished = path.join(dataDir, 'database.unfinished')
  mkdirSync(unfinished, { recursive: true })
  writeFileSync(path.join(unfinished, 'PG_VERSION'), '18\n')
  const { url } = await start(['--port', '0'])
  expect(await ask(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  expect(existsSync(unfinished)).toBe(false)
}, 120_000)

test('keeps what was committed before kill -9', async () => {
  const first = await start(['--port', '0'])
  await ask(first.url, 'CREATE TABLE note (id int)', 'INSERT INTO note SELECT generate_series(1, 500)')
  const open = new pg.Client({ connectionString: first.url ?? '' })
  open.on('error', () => undefined)
  await open.connect()
  await open.query('BEGIN')
  await open.query('INSERT INTO note VALUES (501)')
  await kill(first.child)

  const second = await start(['--port', '0'])
  expect(await ask(second.url, 'SELECT count(*)::int AS n, max(id) FROM note')).toEqual([{ n: 500, max: 500 }])
}, 120_000)

test('lets one process have the folder', async () => {
  const first = await start(['--port', '0'])
  const second = await start(['--port', '0'])
  expect(second).toMatchObject({ url: null, code: 1 })
  expect(second.complaint).toMatch(/^The local database is already running: process \d+ holds it, on port 0\.\n$/)
  expect(await ask(first.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
}, 120_000)

test('serves tests from memory only, and ends when its parent is gone', async () => {
  const nowhere = path.join(temporary, 'none')
  const [kept, memory] = await Promise.all([
    start(['--port', '0']),
    start(['--memory', '--port', '0', '--data-dir', nowhere]),
  ])
  const asTest = (url: string | null) => ask(url?.replace(/gatepost$/, 'gatepost_test') ?? '', 'SELECT 1 AS one')
  expect(await asTest(memory.url)).toEqual([{ one: 1 }])
  await expect(asTest(kept.url)).rejects.toMatchObject({ code: '3D000' })

  const ended = new Promise((resolve) => memory.child.once('exit', resolve))
  memory.child.disconnect()
  expect(await ended).toBe(0)
  await expect(ask(memory.url, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  expect(existsSync(nowhere)).toBe(false)
}, 120_000)

test('names the port that is taken', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  const { url, code, complaint } = await start(['--memory', '--port', String(port)])
  server.close()
  expect({ url, code, complaint }).toEqual({
    url: null,
    code: 1,
    complaint: `Port ${port} for the local database is taken. Stop the program that uses it, or set DATABASE_PORT to another port.\n`,
  })
}, 120_000)

test('refuses production', async () => {
  const { code, complaint } = await start(['--memory', '--port', '0'], {
    NODE_ENV: 'production',
    DATABASE_URL: 'postgresql://db.example/gatepost',
    AUTH0_DOMAIN: 'example.eu.auth0.com',
    AUTH0_AUDIENCE: 'https://api.example',
    SITE_URL: 'https://example.org',
  })
  expect({ code, complaint }).toEqual({
    code: 1,
    complaint: 'The local database does not run in production. Set DATABASE_URL to a PostgreSQL database.\n',
  })
}, 120_000)
