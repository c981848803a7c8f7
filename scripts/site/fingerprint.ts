import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Publication } from '../../site/gatsby/publication.ts'

/** What of the site's folder does not end up in the pages. */
const aside = new Set(['.cache', 'public', 'node_modules', 'test'])

/** Names what a built site is made of. The same names mean that building again would give the same. */
export interface Fingerprint {
  /** Of all that is compiled: the sources, the settings and the installed versions. */
  readonly sources: string
  /** Of what is told: articles and plans. */
  readonly publication: string
}

/**
 * @param folder   of the site
 * @param lockFile says which versions are installed
 * @param settings whatever else ends up in the pages
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
