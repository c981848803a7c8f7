import { readdir } from 'node:fs/promises'
import pg, { type PoolConfig, type QueryConfig } from 'pg'
import { atMost } from '../lib/deadline.ts'
import { applyMigrations } from './schema-engine.ts'

/** PostgreSQL's advisory lock that a process holds while it migrates the database. The number is arbitrary. */
const lockKey = 4_267_783
/** The query for applied migrations reads a few rows. A slower response is an outage. */
const lookMilliseconds = 5_000
/** A migration of a large table takes minutes. The limit ends an endless wait with an error. */
const waitMilliseconds = 600_000

/**
 * Applies all pending migrations. If several processes start at once, one migrates, and the others wait for it and find nothing
 * pending. The advisory lock belongs to the session, so it is released when the process exits. A transaction pooler (PgBouncer)
 * breaks session locks: pass the database's own address.
 *
 * The lock is taken outside a transaction. The local database runs no other session while a transaction is open, and the engine opens
 * its own connections. On the local database all clients share one session, so the lock excludes nobody, and
 * `scripts/local/with-database.ts` uses a lock file instead.
 *
 * @param connection its statement timeouts are replaced by ten minutes
 * @param folder the folder with the migrations
 * @param log    called for each migration that was applied
 * @returns the names of the applied migrations
 */
export async function migrate(connection: PoolConfig, folder: string, log: (line: string) => void): Promise<string[]> {
  const unhurried: PoolConfig = { ...connection, statement_timeout: waitMilliseconds, query_timeout: waitMilliseconds }
  const client = new pg.Client(unhurried)
  // Without a listener a lost connection would end the process. The statement that needs it fails in any case.
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
    // If the peer has vanished, `end` never resolves.
    await atMost(1_000, client.end())
  }
}

/** Returns whether every migration of the folder is recorded as finished. At most starts this one statement replaces the engine. */
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
