import { afterAll } from '@jest/globals'
import pg from 'pg'
import { connectDatabase, type Database } from '../../src/db/index.ts'

/** Whether the tests run on a real PostgreSQL: what needs true parallel sessions is only tested there. */
export const onRealPostgres = Boolean(process.env.TEST_DATABASE_URL)

/** This worker's own database; its address. */
export function testDatabaseUrl(): string {
  const urls = JSON.parse(process.env.GATEPOST_TEST_DATABASES ?? '[]') as string[]
  const url = urls[Number(process.env.JEST_WORKER_ID ?? 1) - 1]
  if (url === undefined || !new URL(url).pathname.endsWith('_test')) throw new Error('this worker has no database')
  return url
}

/** Connects to this worker's database once it is ready; disconnects after the file's last test. */
export async function testDatabase(): Promise<Database> {
  const url = testDatabaseUrl()
  const giveUp = Date.now() + 180_000
  while (!(await isReady(url))) {
    if (Date.now() > giveUp) throw new Error('the test database did not get ready')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const db = connectDatabase({ url, poolMax: 10, onConnectionLost: () => undefined })
  afterAll(() => db.$disconnect())
  return db
}

async function isReady(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url })
  // The database of an earlier run is dropped under us.
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<{ mark: string | null }>('SELECT to_regclass($1)::text AS mark', [
      process.env.GATEPOST_TEST_MARK,
    ])
    return rows[0]?.mark != null
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}
