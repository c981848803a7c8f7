import { randomUUID } from 'node:crypto'
import { chmod, link, mkdir, readFile, rename, unlink, writeFile } from 'node:fs/promises'
import path from 'node:path'

/** Creates a folder that only its owner can read. If the folder exists with another mode, the mode is changed. */
export async function makePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)
}

/** Returns the text of a file, or null if there is no such file. */
export async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null
    throw error
  }
}

export interface WriteOptions {
  /** Default: 0o600, readable by the owner only. */
  readonly mode?: number
  /** Whether the content is on the disk before the file gets its name. Default: false. */
  readonly flush?: boolean
}

/** Replaces a file as a whole. A reader at the same time, or after a crash, finds the old content or the new content. */
export async function replaceFile(file: string, content: string | Buffer, options: WriteOptions = {}): Promise<void> {
  const draft = await writeDraft(file, content, options)
  try {
    await rename(draft, file)
  } catch (error) {
    await unlink(draft).catch(() => {})
    throw error
  }
}

/** Creates a file as a whole, unless it exists. Of two processes at once, one creates it, and both continue with that file. */
export async function createFileOnce(file: string, content: string): Promise<void> {
  const draft = await writeDraft(file, content, {})
  try {
    await link(draft, file)
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error
  } finally {
    await unlink(draft)
  }
}

async function writeDraft(
  file: string,
  content: string | Buffer,
  { mode = 0o600, flush = false }: WriteOptions,
): Promise<string> {
  const draft = path.join(path.dirname(file), `.${path.basename(file)}.${randomUUID()}`)
  try {
    await writeFile(draft, content, { mode, flush, flag: 'wx' })
  } catch (error) {
    await unlink(draft).catch(() => {})
    throw error
  }
  return draft
}

// Not instanceof: in the test runner, errors of the file system belong to another realm than its own Error.
const isCode = (error: unknown, code: string): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === code
