import path from 'node:path'
import { migrate } from '../../server/src/db/index.ts'
import { root, type ScriptSettings } from '../env.ts'
import { waitForLock } from '../lock.mjs'
import { databasePlace } from './database/folder.ts'

export const migrationsFolder = path.join(root, 'prisma', 'migrations')

/**
 * Brings the database of the settings up to date, one process at a time. On the local database all clients are one session,
 * where PostgreSQL's own lock holds nobody back: there a lock file does.
 *
 * @returns the names of the migrations that were applied
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
