import path from 'node:path'
import { connectDatabase, migrate, type Database } from '../../server/src/db/index.ts'
import { readScriptSettings, root, type ScriptSettings } from '../env.ts'
import { waitForLock } from '../lock.mjs'
import { databasePlace } from './database/folder.ts'
import { localDatabase, type RunningDatabase } from './database/start.ts'

export const migrationsFolder = path.join(root, 'prisma', 'migrations')

interface WithDatabaseOptions {
  /** Default: from the environment. */
  readonly settings?: ScriptSettings
  /** Called with the name of each applied migration. Default: writes to standard error, to keep a script's own output clean. */
  readonly log?: (line: string) => void
}

/**
 * Calls a function with the database of DATABASE_URL or with the local database. Migrates it first. A local database that does not
 * run is started, and stopped afterwards.
 *
 * @returns the result of the function
 */
export async function withDatabase<T>(
  work: (db: Database) => Promise<T>,
  { settings = readScriptSettings(), log = (line) => void process.stderr.write(`${line}\n`) }: WithDatabaseOptions = {},
): Promise<T> {
  return withDatabaseUrl(
    async (url) => {
      await migrateDatabase(settings, url, log)
      const db = connectDatabase({ url, poolMax: 5, onConnectionLost: (error) => log(error.message) })
      try {
        return await work(db)
      } finally {
        await db.$disconnect()
      }
    },
    { settings },
  )
}

/** Like `withDatabase`, with the address instead of a connection. Does not migrate. */
export async function withDatabaseUrl<T>(
  work: (url: string) => Promise<T>,
  { settings = readScriptSettings() }: Pick<WithDatabaseOptions, 'settings'> = {},
): Promise<T> {
  const database: RunningDatabase = settings.usesLocalDatabase
    ? await localDatabase(settings)
    : { url: settings.server.databaseUrl, release: async () => undefined }
  try {
    return await work(database.url)
  } finally {
    await database.release()
  }
}

/**
 * Applies the migrations that a database lacks, one process at a time. All clients of the local database share one session, in which
 * the advisory lock of PostgreSQL excludes nobody. There a lock file is used.
 *
 * @returns the names of the applied migrations
 */
export async function migrateDatabase(
  settings: ScriptSettings,
  url: string,
  log: (line: string) => void,
): Promise<string[]> {
  const lock = settings.usesLocalDatabase ? await waitForLock(databasePlace(settings.dataDir).locks, 'migrate') : null
  try {
    return await migrate({ connectionString: url, connectionTimeoutMillis: 10_000 }, migrationsFolder, log)
  } finally {
    lock?.release()
  }
}
