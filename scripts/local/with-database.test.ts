import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeEach, expect, test } from '@jest/globals'
import pg from 'pg'
import type { Database } from '../../server/src/db/index.ts'
import { parseSettings } from '../../server/src/env.ts'
import { readScriptSettings, type ScriptSettings } from '../env.ts'
import { lockOwner } from '../lock.mjs'
import { databaseLock, databasePlace } from './database/folder.ts'
import { startDatabase } from './database/start.ts'
import { withDatabase } from './with-database.ts'
import { freePort } from '../../server/test/support/free-ports.mjs'

process.env.NO_DOTENV = '1'
let settings: ScriptSettings

// To make a database takes seconds: one for all tests here.
const dataDir = mkdtempSync(path.join(os.tmpdir(), 'gatepost-with-'))

afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

beforeEach(async () => {
  const databasePort = await freePort()
  settings = { ...readScriptSettings(), dataDir, databasePort, usesLocalDatabase: true, server: parseSettings({}) }
})

async function listening(): Promise<Server> {
  const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return server
}

const owner = () => lockOwner(databasePlace(settings.dataDir).locks, databaseLock)
const addAuthor = (slug: string) => (db: Database) =>
  db.author.create({ data: { id: crypto.randomUUID(), slug, name: slug }, select: { slug: true } })
const authors = (db: Database) => db.author.findMany({ select: { slug: true }, orderBy: { slug: 'asc' } })

test('starts, migrates and ends a database', async () => {
  const log: string[] = []
  const options = { settings, log: (line: string) => void log.push(line) }
  await withDatabase(addAuthor('first'), options)
  expect(owner()).toBeNull()
  const migrations = log.length
  expect(log.filter((line) => /^migrated: \d{14}_/.test(line))).toHaveLength(Math.max(migrations, 1))
  expect(await withDatabase(authors, options)).toContainEqual({ slug: 'first' })
  expect(log).toHaveLength(migrations)
}, 120_000)

test('uses the one that runs, whatever its port', async () => {
  const running = await startDatabase(['--data-dir', settings.dataDir, '--port', String(settings.databasePort)])
  const pid = owner()?.pid
  await withDatabase(addAuthor('second'), {
    settings: { ...settings, databasePort: await freePort() },
    log: () => undefined,
  })
  expect(owner()).toMatchObject({ pid })
  await running.release()
  expect(owner()).toBeNull()
}, 120_000)

test('shares one database among many at once', async () => {
  const slugs = ['a', 'b', 'c', 'd']
  const found = await Promise.all(slugs.map((slug) => withDatabase(addAuthor(slug), { settings })))
  expect(await withDatabase(authors, { settings })).toEqual(expect.arrayContaining(found))
}, 120_000)

test('leaves it to others who still use it', async () => {
  const other = new pg.Client({ connectionString: `postgresql://postgres@127.0.0.1:${settings.databasePort}/gatepost` })
  await withDatabase(() => other.connect(), { settings, log: () => undefined })
  expect((await other.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
  await other.end()
  while (owner()) await new Promise((resolve) => setTimeout(resolve, 50))
}, 120_000)

test('ends the database when the work fails', async () => {
  const work = () => Promise.reject(new Error('no'))
  await expect(withDatabase(work, { settings, log: () => undefined })).rejects.toThrow('no')
  expect(owner()).toBeNull()
}, 120_000)

test('refuses what else listens on its port', async () => {
  const server = await listening()
  const { port: databasePort } = server.address() as { port: number }
  const refusal = withDatabase(authors, { settings: { ...settings, databasePort } })
  await expect(refusal).rejects.toThrow(
    `Port ${databasePort} is taken by a program that is not a database. Set DATABASE_PORT to another port.`,
  )
  server.close()
}, 120_000)
