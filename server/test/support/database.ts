import { randomBytes } from 'node:crypto'
import { afterAll } from '@jest/globals'
import { connectDatabase, type Database } from '../../src/db/index.ts'
import { query } from './query.ts'

/** Whether the tests run on a real PostgreSQL: what needs true parallel sessions is only tested there. */
export const onRealPostgres = Boolean(process.env.TEST_DATABASE_URL)

/** Of this worker, which runs one file after the other. */
const prefix = `${process.env.GATEPOST_TEST_PREFIX}w${process.env.JEST_WORKER_ID ?? 1}_`
/** Each test file has this module for itself. */
const name = `${prefix}${randomBytes(4).toString('hex')}_test`

/**
 * The address of this file's own database on a real PostgreSQL; of this worker's, which all its files share, without one. It is
 * there once `testDatabase` was waited for.
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

/** Connects to this file's database once it is ready; disconnects after the file's last test. */
export async function testDatabase(): Promise<Database> {
  await (made ??= onRealPostgres ? cloneTemplate() : shareLocal())
  const db = connectDatabase({ url: testDatabaseUrl(), poolMax: 10, onConnectionLost: () => undefined })
  afterAll(() => db.$disconnect())
  return db
}

/** This worker's local database, without the jobs and payments of earlier files: tests look at all of those that there are. */
async function shareLocal(): Promise<void> {
  await untilReady(testDatabaseUrl(), 'SELECT to_regclass($1) AS found')
  await query(testDatabaseUrl(), 'DELETE FROM pgboss.job')
  // The triggers of the events' ledger refuse it in any other session.
  const emptied = 'billing_customer, billing_event, billing_product, billing_task, promotion'
  await query(
    testDatabaseUrl(),
    `DO $$ BEGIN SET LOCAL session_replication_role = replica; TRUNCATE ${emptied} CASCADE; END $$`,
  )
}

/** A copy of the migrated database: no file finds what another one left. */
async function cloneTemplate(): Promise<void> {
  const admin = process.env.TEST_DATABASE_URL ?? ''
  await untilReady(admin, 'SELECT oid AS found FROM pg_database WHERE datname = $1')
  await query(admin, `CREATE DATABASE ${name} TEMPLATE ${process.env.GATEPOST_TEST_MARK}`)
  // No test crashes PostgreSQL itself: a commit need not wait for the disk.
  await query(admin, `ALTER DATABASE ${name} SET synchronous_commit = off`)
  // Dropping waits for the disk: nobody waits for that. What is left goes when the run ends.
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
