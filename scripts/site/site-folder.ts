import { cp, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { root } from '../env.ts'

export const siteFolder = path.join(root, 'site')

/** A file that marks a folder as created by this project, so that it may be emptied. */
const claimMark = '.gatepost-copy'

/** Entries that are neither copied nor removed. */
const kept = new Set(['.cache', 'public', 'node_modules', claimMark])

/**
 * Copies the site's sources to another folder, for a build that must not replace the one in `site/`. The pages contain addresses,
 * so two instances with different ports on one machine need two builds. Gatsby's cache in the folder remains, which makes the next
 * build fast.
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

/** Marks the folder. @throws StrangeFolder if it contains other files */
async function claim(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const entries = await readdir(folder)
  if (entries.length > 0 && !entries.includes(claimMark)) {
    throw new StrangeFolder(`${folder} is neither empty nor a copy of the site. Set DATA_DIR to another folder.`)
  }
  await writeFile(path.join(folder, claimMark), '')
}

/** The site cannot be built in a folder: it contains other files, or Gatsby cannot handle its path. */
export class StrangeFolder extends Error {}

/** Links the installed packages into a folder outside the project. */
async function linkPackages(folder: string): Promise<void> {
  if (folder.startsWith(root + path.sep)) return
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction').catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    },
  )
}
