import { randomBytes } from 'node:crypto'
import { afterAll } from '@jest/globals'
import { connectDatabase, type Database } from '../../src/db/index.ts'
import { query } from './query.ts'

/** Whether the tests run on a real PostgreSQL. Tests of parallel sessions run only there. */
export const onRealPostgres = Boolean(process.env.TEST_DATABASE_URL)

/** The prefix of this worker's databases. A worker runs one file at a time. */
const prefix = `${process.env.GATEPOST_TEST_PREFIX}w${process.env.JEST_WORKER_ID ?? 1}_`
/** Random for each test file, because each file loads this module again. */
const name = `${prefix}${randomBytes(4).toString('hex')}_test`

/**
 * Returns the address of this file's database. Without a real PostgreSQL all files of a worker share one. The database exists once
 * `testDatabase` has resolved.
 */
export function testDatabaseUrl(): string {
  const urls = JSON.parse(process.env.GATEPOST_TEST_DATABASES ?? '[]') as string[]
  const given = urls[Number(process.env.JEST_WORKER_ID ?? 1) - 1]
  if (given === undefined) throw new Error('this worker has no database')
  const url = new URL(given)
  if (onRealPostgres) url.pathname = `/${name}`
  return url.href
}

let made: Promise<void> | undefined

/** Connects to this file's database when it is ready. Disconnects after the file's last test. */
export async function testDatabase(): Promise<Database> {
  await (made ??= onRealPostgres ? cloneTemplate() : shareLocal())
  const db = connectDatabase({ url: testDatabaseUrl(), poolMax: 10, onConnectionLost: () => undefined })
  afterAll(() => db.$disconnect())
  return db
}

/** Removes the jobs and payments of earlier files from this worker's local database, because tests read all of them. */
async function shareLocal(): Promise<void> {
  await untilReady(testDatabaseUrl(), 'SELECT to_regclass($1) AS found')
  await query(testDatabaseUrl(), 'DELETE FROM pgboss.job')
  // In other sessions the triggers of the ledger refuse this.
  const emptied = 'billing_customer, billing_event, billing_product, billing_task, promotion'
  await query(
    testDatabaseUrl(),
    `DO $$ BEGIN SET LOCAL session_replication_role = replica; TRUNCATE ${emptied} CASCADE; END $$`,
  )
}

/** Creates this file's database as a copy of the migrated template. */
async function cloneTemplate(): Promise<void> {
  const admin = process.env.TEST_DATABASE_URL ?? ''
  await untilReady(admin, 'SELECT oid AS found FROM pg_database WHERE datname = $1')
  await query(admin, `CREATE DATABASE ${name} TEMPLATE ${process.env.GATEPOST_TEST_MARK}`)
  // No test crashes PostgreSQL, so a commit does not have to wait for the disk.
  await query(admin, `ALTER DATABASE ${name} SET synchronous_commit = off`)
  // Dropping is slow, so the test does not wait for it. The end of the run drops the rest.
  void dropEarlier(admin).catch(() => undefined)
}

async function dropEarlier(admin: string): Promise<void> {
  const others = `SELECT datname FROM pg_database WHERE starts_with(datname, $1) AND datname <> $2`
  for (const { datname } of await query<{ datname: string }>(admin, others, prefix, name))
    await query(admin, `DROP DATABASE IF EXISTS ${datname}`)
}

async function untilReady(url: string, find: string): Promise<void> {
  const giveUp = Date.now() + 180_000
  const isReady = async () => (await query(url, find, process.env.GATEPOST_TEST_MARK ?? ''))[0]?.found != null
  while (!(await isReady().catch(() => false))) {
    if (Date.now() > giveUp) throw new Error('the test database did not get ready')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
