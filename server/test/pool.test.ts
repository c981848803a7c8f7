import { expect, test } from '@jest/globals'
import { answersOf, connectDatabase, createPool } from '../src/db/client.ts'
import { isReachable } from '../src/db/readiness.ts'
import { startDatabaseProxy } from './support/database-proxy.ts'
import { testDatabase } from './support/database.ts'

// Stuck connections, and queries while all connections are busy.

await testDatabase()
const proxy = await startDatabaseProxy()
const options = { url: proxy.url, poolMax: 1, onConnectionLost: () => undefined }

test('a connection released during a statement is not reused', async () => {
  const pool = createPool(options)
  const client = await pool.connect()
  await proxy.set('silent')
  const query = client.query('SELECT 1').catch(() => undefined)
  const next = pool.connect()
  await proxy.set('none')
  client.release()
  // Without `dropStuck` this query would get the connection that is being closed.
  const fresh = await next
  expect((await fresh.query<{ n: number }>('SELECT 2 AS n')).rows).toEqual([{ n: 2 }])
  fresh.release()
  await query
  expect(pool.totalCount).toBe(1)
  await pool.end()
})

test('a database is reachable while all connections are busy', async () => {
  const pool = createPool(options)
  const db = connectDatabase(options, pool)
  const first = await pool.connect()
  const second = pool.connect()
  const silent = isReachable(db, 20)
  expect(await silent).toBe(false)
  const busy = isReachable(db, 20)
  // One query ends and releases its connection. The probe still waits.
  first.release()
  const holder = await second
  expect(await busy).toBe(true)
  holder.release()
  expect(await isReachable(db, 10_000)).toBe(true)
  await db.$disconnect()
})

test('a broken connection does not count as a response', async () => {
  const pool = createPool(options)
  const db = connectDatabase(options, pool)
  const client = await pool.connect()
  client.on('error', () => undefined)
  const broken = new Promise((resolve) => client.once('end', resolve))
  await proxy.set('refused')
  await broken
  const before = answersOf(db)
  client.release()
  expect(answersOf(db)).toBe(before)
  expect(await isReachable(db, 1_000)).toBe(false)
  await proxy.set('none')
  await db.$disconnect()
})
