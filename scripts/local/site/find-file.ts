import { realpath, stat } from 'node:fs/promises'
import path from 'node:path'

/** The errors of the system for a path without a file. */
const notFoundCodes = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP', 'EINVAL'])

/** Tells whether a path is never served: dotfiles and the two files with rules. Ignores case, as some file systems do. */
export function isHidden(pathname: string): boolean {
  return /\/\./.test(pathname) || /^\/_(headers|redirects)\/?$/i.test(pathname)
}

/**
 * Finds the file of an address. The real path of the file must equal the requested path. Paths out of the folder, through links, or with
 * another spelling than on disk are therefore not found.
 *
 * @param root     the real path of the folder
 * @param pathname decoded; with a final slash it stands for `index.html` in that folder
 * @returns the file, relative to the folder, with slashes, or null
 */
export async function findFile(root: string, pathname: string): Promise<string | null> {
  if (isHidden(pathname)) return null
  const relative = `${pathname.slice(1)}${pathname.endsWith('/') ? 'index.html' : ''}`
  const file = path.join(root, relative)
  if (!file.startsWith(root + path.sep)) return null
  try {
    return (await realpath(file)) === file && (await stat(file)).isFile() ? relative : null
  } catch (error) {
    if (notFoundCodes.has((error as NodeJS.ErrnoException).code ?? '')) return null
    throw error
  }
}
