import { readdir } from 'node:fs/promises'
import pg, { type PoolConfig, type QueryConfig } from 'pg'
import { atMost } from '../lib/at-most.ts'
import { applyMigrations } from './schema-engine.ts'

/** Of PostgreSQL's advisory locks the one that stands for "somebody migrates this database". */
const lockKey = 4_267_783
/** The look at the ledger touches a few rows: no answer within this is an outage. In milliseconds. */
const lookMilliseconds = 5_000
/** A large table may take its time; past this, whoever waits says so instead of waiting for ever. */
const waitMilliseconds = 600_000

/**
 * Brings a database up to date. Of many processes that start at once one migrates; the others wait for it and find nothing
 * left to do. The lock goes with its connection, so that a process that dies leaves none behind; behind a pooler that hands
 * out connections per transaction (PgBouncer, say) there is no such connection: give the database's own address there.
 *
 * The lock is taken outside a transaction: the local database gives others no turn while one is open, and the engine comes
 * over connections of its own. There all clients are one session and the lock holds nobody back: who shares it takes another
 * (scripts/local/migrate-local.ts).
 *
 * @param connection time limits on statements are left aside
 * @param folder the migrations
 * @param log    told of each migration that was applied
 * @returns their names
 */
export async function migrate(connection: PoolConfig, folder: string, log: (line: string) => void): Promise<string[]> {
  const unhurried: PoolConfig = { ...connection, statement_timeout: waitMilliseconds, query_timeout: waitMilliseconds }
  const client = new pg.Client(unhurried)
  // Without a listener a lost connection would end the process; the statement that needed it fails anyway.
  client.on('error', () => undefined)
  await client.connect()
  try {
    if (await isUpToDate(client, folder)) return []
    await client.query('SELECT pg_advisory_lock($1)', [lockKey])
    try {
      const applied = await applyMigrations(unhurried, folder)
      for (const name of applied) log(`migrated: ${name}`)
      return applied
    } finally {
      await client.query('SELECT pg_advisory_unlock($1)', [lockKey]).catch(() => undefined)
    }
  } finally {
    // A connection whose other end is gone without a word would not end politely.
    await atMost(1_000, client.end())
  }
}

/** The usual case in one statement, without the engine: every migration of the folder stands in the ledger as finished. */
async function isUpToDate(client: pg.Client, folder: string): Promise<boolean> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  try {
    const look: QueryConfig & { query_timeout: number } = {
      text: 'SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
      query_timeout: lookMilliseconds,
    }
    const { rows } = await client.query<{ name: string }>(look)
    const finished = new Set(rows.map(({ name }) => name))
    return names.every((name) => finished.has(name))
  } catch (error) {
    const undefinedTable = '42P01'
    if (error instanceof pg.DatabaseError && error.code === undefinedTable) return false
    throw error
  }
}
