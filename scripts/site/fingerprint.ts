import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Publication } from '../../site/gatsby/publication.ts'

/** Parts of the site's folder that do not affect the pages. */
const aside = new Set(['.cache', 'public', 'node_modules', 'test'])

/** Hashes of the input of a build. Equal hashes mean an equal result. */
export interface Fingerprint {
  /** Hash of the sources, the settings and the installed versions. */
  readonly sources: string
  /** Hash of the articles and plans. */
  readonly publication: string
}

/**
 * Computes the fingerprint of a build.
 *
 * @param folder   the site's folder
 * @param lockFile names the installed versions
 * @param settings other values that affect the pages
 */
export function fingerprintOf(
  publication: Publication,
  { folder, lockFile, settings }: { folder: string; lockFile: string; settings: unknown },
): Fingerprint {
  const sources = createHash('sha256').update(JSON.stringify(settings))
  for (const file of [lockFile, ...sourcesOf(folder)]) {
    sources.update(`\0${path.relative(folder, file)}\0`).update(readFileSync(file))
  }
  return {
    sources: sources.digest('hex'),
    publication: createHash('sha256').update(JSON.stringify(publication)).digest('hex'),
  }
}

function sourcesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !aside.has(name) && !name.includes('.test.'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const full = path.join(folder, entry.name)
      return entry.isDirectory() ? sourcesOf(full) : entry.isFile() ? [full] : []
    })
}
