import { connectDatabase, type Database } from '../../server/src/db/index.ts'
import { readScriptSettings, type ScriptSettings } from '../env.ts'
import { localDatabase, type RunningDatabase } from './database/start.ts'
import { migrateDatabase } from './migrate-local.ts'

export interface WithDatabaseOptions {
  /** Default: from the environment. */
  readonly settings?: ScriptSettings
  /** Told of each migration that was applied. Default: standard error, so that a script's own output stays clean. */
  readonly log?: (line: string) => void
}

/**
 * Works with the database of DATABASE_URL or with the local one, brought up to date first. A local one that does not run is
 * started for as long as the work takes.
 *
 * @returns what the work returned
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

/** The same with the address only, of a database that may be out of date. */
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
