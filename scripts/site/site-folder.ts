import { cp, mkdir, readdir, rm, symlink } from 'node:fs/promises'
import path from 'node:path'
import { root } from '../env.ts'

export const siteFolder = path.join(root, 'site')

/** What a build makes, and what it does not need. */
const kept = new Set(['.cache', 'public', 'node_modules'])

/**
 * The site's sources in another folder, for a build that must not meet the one in `site/`: addresses are built into the pages,
 * so two Gateposts with different ports on one machine are two builds. What Gatsby remembers of its last build there stays,
 * which makes the next one quick.
 */
export async function copySite(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  for (const entry of await readdir(folder))
    if (!kept.has(entry)) await rm(path.join(folder, entry), { recursive: true })
  for (const entry of await readdir(siteFolder)) {
    if (kept.has(entry) || entry === 'test') continue
    await cp(path.join(siteFolder, entry), path.join(folder, entry), { recursive: true, preserveTimestamps: true })
  }
  await linkPackages(folder)
  return folder
}

/** Outside the project nothing that is installed would be found. */
async function linkPackages(folder: string): Promise<void> {
  if (folder.startsWith(root + path.sep)) return
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction').catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    },
  )
}
