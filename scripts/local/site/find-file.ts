import { realpath, stat } from 'node:fs/promises'
import path from 'node:path'

/** The path is none, whatever the system calls it. */
const isNowhere = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP', 'EINVAL'])

/** Dotfiles, and the two files that are told to the server only. In any case of letters: some file systems do not mind it. */
export function isHidden(pathname: string): boolean {
  return /\/\./.test(pathname) || /^\/_(headers|redirects)\/?$/i.test(pathname)
}

/**
 * Finds the file that an address names. What leads out of the folder, is reached through a link or is written otherwise than
 * on disk is not found: the file's real path must be the very one that was asked for.
 *
 * @param root the folder's real path
 * @param pathname decoded; with a slash at its end it is the folder's `index.html`
 * @returns the file, relative to the folder, with slashes; null if there is none
 */
export async function findFile(root: string, pathname: string): Promise<string | null> {
  if (isHidden(pathname)) return null
  const relative = `${pathname.slice(1)}${pathname.endsWith('/') ? 'index.html' : ''}`
  const file = path.join(root, relative)
  if (!file.startsWith(root + path.sep)) return null
  try {
    return (await realpath(file)) === file && (await stat(file)).isFile() ? relative : null
  } catch (error) {
    if (isNowhere.has((error as NodeJS.ErrnoException).code ?? '')) return null
    throw error
  }
}
