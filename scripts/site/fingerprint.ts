import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Publication } from '../../site/gatsby/publication.ts'

/** What of the site's folder does not end up in the pages. */
const aside = new Set(['.cache', 'public', 'node_modules', 'test'])

/**
 * Names what a built site is made of: the publication, the settings, the sources and the installed versions. The same name
 * means that building again would give the same.
 *
 * @param folder   of the site
 * @param lockFile says which versions are installed
 * @param settings whatever else ends up in the pages
 */
export function fingerprintOf(
  publication: Publication,
  { folder, lockFile, settings }: { folder: string; lockFile: string; settings: unknown },
): string {
  const hash = createHash('sha256').update(JSON.stringify({ publication, settings }))
  for (const file of [lockFile, ...sourcesOf(folder)]) {
    hash.update(`\0${path.relative(folder, file)}\0`).update(readFileSync(file))
  }
  return hash.digest('hex')
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
