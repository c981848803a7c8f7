import { cp, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { root } from '../env.ts'

export const siteFolder = path.join(root, 'site')

/** Says that a folder is ours to empty. */
const claimMark = '.gatepost-copy'

/** What a build makes, and what it does not need. */
const kept = new Set(['.cache', 'public', 'node_modules', claimMark])

/**
 * The site's sources (those of `from`) in another folder, for a build that must not meet the one in `site/`: addresses are built into the pages,
 * so two Gateposts with different ports on one machine are two builds. What Gatsby remembers of its last build there stays,
 * which makes the next one quick.
 */
export async function copySite(folder: string, from = siteFolder): Promise<string> {
  await claim(folder)
  for (const entry of await readdir(folder))
    if (!kept.has(entry)) await rm(path.join(folder, entry), { recursive: true })
  for (const entry of await readdir(from)) {
    if (kept.has(entry) || entry === 'test') continue
    await cp(path.join(from, entry), path.join(folder, entry), { recursive: true, preserveTimestamps: true })
  }
  await linkPackages(folder)
  return folder
}

/** @throws Error when somebody else's files are there */
async function claim(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const entries = await readdir(folder)
  if (entries.length > 0 && !entries.includes(claimMark)) {
    throw new StrangeFolder(`${folder} is neither empty nor a copy of the site. Set DATA_DIR to another folder.`)
  }
  await writeFile(path.join(folder, claimMark), '')
}

/** A folder in which the site cannot be built: it holds files of somebody else, or Gatsby cannot work with its path. */
export class StrangeFolder extends Error {}

/** Outside the project nothing that is installed would be found. */
async function linkPackages(folder: string): Promise<void> {
  if (folder.startsWith(root + path.sep)) return
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction').catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    },
  )
}
