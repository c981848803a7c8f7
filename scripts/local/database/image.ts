import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { root } from '../../env.ts'

// PostgreSQL takes 3 s of CPU to initialise a database. To begin with the files of one that was initialised takes 0.9 s: they are kept
// with the packages, as a tar, for this version of PGlite.

const { version } = JSON.parse(
  readFileSync(path.join(root, 'node_modules/@electric-sql/pglite/package.json'), 'utf8'),
) as { version: string }
const kept = path.join(root, `node_modules/.cache/gatepost/database-${version}.tar`)

/**
 * Makes an empty database.
 *
 * @param folder that is not there yet; `memory://` for one that is kept nowhere
 * @param image  the file with what an empty database consists of; written if it is not there
 */
export async function initialDatabase(folder: string, image = kept): Promise<PGlite> {
  const tar = read(image)
  if (tar) return PGlite.create(folder, { loadDataDir: tar })
  const db = await PGlite.create(folder)
  keep(image, Buffer.from(await (await db.dumpDataDir('none')).arrayBuffer()))
  return db
}

function read(image: string): Blob | null {
  try {
    return new Blob([readFileSync(image)])
  } catch {
    return null
  }
}

/** Whole or not at all; without it the next database only takes longer. */
export function keep(image: string, bytes: Buffer): void {
  const unfinished = `${image}.${process.pid}`
  try {
    mkdirSync(path.dirname(image), { recursive: true })
    writeFileSync(unfinished, bytes, { flush: true })
    renameSync(unfinished, image)
  } catch {
    // Packages may lie where nobody may write.
  }
}
