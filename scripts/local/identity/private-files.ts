import { randomUUID } from 'node:crypto'
import { chmod, link, mkdir, readFile, rename, unlink, writeFile } from 'node:fs/promises'
import path from 'node:path'

/** Makes the folder for its owner alone, also when it was there with a looser mode. */
export async function makePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)
}

/** The text of a file; null if there is none. */
export async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null
    throw error
  }
}

/** Replaces a file whole: whoever reads it meanwhile, or after a crash, finds the old text or the new one. */
export async function replaceFile(file: string, text: string): Promise<void> {
  const draft = await writeDraft(file, text)
  try {
    await rename(draft, file)
  } catch (error) {
    await unlink(draft).catch(() => {})
    throw error
  }
}

/** Makes a file whole, unless it is there. Of two processes at once one wins, and both go on with the winner's. */
export async function createFileOnce(file: string, text: string): Promise<void> {
  const draft = await writeDraft(file, text)
  try {
    await link(draft, file)
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error
  } finally {
    await unlink(draft)
  }
}

async function writeDraft(file: string, text: string): Promise<string> {
  const draft = path.join(path.dirname(file), `.${path.basename(file)}.${randomUUID()}`)
  await writeFile(draft, text, { mode: 0o600, flag: 'wx' })
  return draft
}

// Not instanceof: under the test runner, errors of the file system are of another world than its own Error.
const isCode = (error: unknown, code: string): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === code
