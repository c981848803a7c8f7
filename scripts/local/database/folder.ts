import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { initialDatabase } from './image.ts'

export interface DatabasePlace {
  readonly data: string
  /** Where the lock is: not in the data, which PostgreSQL owns. */
  readonly locks: string
}

export const databasePlace = (dataDir: string): DatabasePlace => ({
  data: path.join(dataDir, 'database'),
  locks: path.join(dataDir, 'locks'),
})

export const databaseLock = 'database'

/**
 * Opens the database in a folder, or makes it. Only for who holds the lock: PGlite takes none of its own, and two processes on
 * one folder lose rows without a message.
 */
export async function openDatabaseFolder(folder: string): Promise<PGlite> {
  if (!existsSync(folder)) {
    // Made under another name, so that an interrupted first start leaves nothing that looks like a database.
    const unfinished = `${folder}.unfinished`
    rmSync(unfinished, { recursive: true, force: true })
    mkdirSync(path.dirname(folder), { recursive: true })
    const db = await initialDatabase(unfinished)
    await db.close()
    renameSync(unfinished, folder)
  }
  return PGlite.create(folder)
}
