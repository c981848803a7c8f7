import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { initialDatabase } from './image.ts'

interface DatabasePlace {
  readonly data: string
  /** The folder of the lock, outside the data, which belongs to PostgreSQL. */
  readonly locks: string
}

export const databasePlace = (dataDir: string): DatabasePlace => ({
  data: path.join(dataDir, 'database'),
  locks: path.join(dataDir, 'locks'),
})

export const databaseLock = 'database'

/**
 * Opens the database in a folder, or creates it. The caller must hold the lock, because PGlite takes no lock, and two processes on one
 * folder lose rows without a message.
 */
export async function openDatabaseFolder(folder: string): Promise<PGlite> {
  if (!existsSync(folder)) {
    // Created under another name, so that an interrupted first start leaves no incomplete database.
    const unfinished = `${folder}.unfinished`
    rmSync(unfinished, { recursive: true, force: true })
    mkdirSync(path.dirname(folder), { recursive: true })
    const db = await initialDatabase(unfinished)
    await db.close()
    renameSync(unfinished, folder)
  }
  return PGlite.create(folder)
}
