import { existsSync } from 'node:fs'
import { cp, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { copySite, StrangeFolder } from './site-folder.ts'

// Gatsby puts the path of the site's folder into glob patterns without escaping it. In a folder such as `gate(post)` the
// patterns match no file, and the build fails with misleading advice.

/** Letters, digits and marks of any script, spaces, separators, and characters without a meaning in any glob syntax. */
const plainPath = /^[\p{L}\p{N}\p{M} ._~,=:/\\-]*$/u

/** Returns whether Gatsby can build in a folder: no character of its path has a meaning in a glob pattern. */
export const isPlainPath = (folder: string): boolean => plainPath.test(folder)

/** The files with which the site's server renders pages (page-renderer.ts): a bundle and modules in the same folder. */
const rendering = ['.cache/page-ssr', '.cache/ssr-builtin-trackers']

/** Copies a part of a built site, in which paths of the copy become paths of the folder. Does nothing if it was not built. */
async function bringBack(part: string, copy: string, folder: string): Promise<void> {
  const [from, to] = [path.join(copy, part), path.join(folder, part)]
  await rm(to, { recursive: true, force: true })
  if (!existsSync(from)) return
  await cp(from, to, { recursive: true })
  const asWritten = (text: string): string => JSON.stringify(text).slice(1, -1)
  for (const file of await readdir(to, { recursive: true })) {
    if (!file.endsWith('.js')) continue
    const text = await readFile(path.join(to, file), 'utf8')
    await writeFile(
      path.join(to, file),
      text.replaceAll(asWritten(copy), () => asWritten(folder)),
    )
  }
}

/**
 * Runs a build in the site's folder, or in a temporary copy if the path has a character with a meaning in a glob pattern.
 * The copy's `public/` then replaces the folder's. The copy has no cache of Gatsby, so such a build takes a
 * minute or two each time.
 *
 * @throws StrangeFolder if the path of the temporary folder is not plain either
 */
export async function inPlainFolder(folder: string, run: (folder: string) => Promise<void>): Promise<void> {
  if (isPlainPath(folder)) return run(folder)
  const copy = await mkdtemp(path.join(await realpath(os.tmpdir()), 'gatepost-site-'))
  try {
    if (!isPlainPath(copy)) {
      throw new StrangeFolder(
        `The site cannot be built in ${folder} or in ${copy}: Gatsby reads characters of their names as a pattern. Move the checkout to a folder without brackets, or set TMPDIR to one.`,
      )
    }
    await copySite(copy, folder)
    await run(copy)
    const built = path.join(folder, 'public')
    await rm(built, { recursive: true, force: true })
    await cp(path.join(copy, 'public'), built, { recursive: true })
    for (const part of rendering) await bringBack(part, copy, folder)
  } finally {
    await rm(copy, { recursive: true, force: true })
  }
}
