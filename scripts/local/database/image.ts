import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { root } from '../../env.ts'
import { replaceFile } from '../shared/files.ts'

// Initialising a database takes 3 s of CPU. Starting from the files of an initialised one takes 0.9 s. They are cached in node_modules as a
// tar, one for each version of PGlite.

const { version } = JSON.parse(
  readFileSync(path.join(root, 'node_modules/@electric-sql/pglite/package.json'), 'utf8'),
) as { version: string }
const kept = path.join(root, `node_modules/.cache/gatepost/database-${version}.tar`)

/**
 * Makes an empty database.
 *
 * @param folder folder to create, or `memory://` for a database that is not stored
 * @param image  the file with the contents of an empty database; written if it does not exist
 */
export async function initialDatabase(folder: string, image = kept): Promise<PGlite> {
  const tar = read(image)
  if (tar) return PGlite.create(folder, { loadDataDir: tar })
  const db = await PGlite.create(folder)
  await keep(image, async () => Buffer.from(await (await db.dumpDataDir('none')).arrayBuffer()))
  return db
}

function read(image: string): Blob | null {
  try {
    return new Blob([readFileSync(image)])
  } catch {
    return null
  }
}

/** Writes the image as a whole. A failure has no effect, except that the next new database takes longer. */
export async function keep(image: string, dump: () => Promise<Buffer>): Promise<void> {
  try {
    await mkdir(path.dirname(image), { recursive: true })
    await replaceFile(image, await dump(), { mode: 0o644, flush: true })
  } catch {
    // The packages may be read-only, or the disk full.
  }
}
