import { randomUUID } from 'node:crypto'
import { constants, existsSync } from 'node:fs'
import { access, mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'

/** Advice for each reason why a folder cannot be written to. PGlite's `ErrnoError` has WASI's numbers. */
const failures: readonly {
  readonly codes: readonly (string | number)[]
  readonly text: RegExp
  readonly what: string
}[] = [
  {
    codes: ['ENOSPC', 51],
    text: /no space left on device/i,
    what: 'No space is left on the disk of {folder}. Free some space, or set DATA_DIR to a folder on another disk.',
  },
  {
    codes: ['EDQUOT', 19],
    text: /disk quota exceeded/i,
    what: 'Your disk quota for {folder} is used up. Free some space, or set DATA_DIR to a folder on another disk.',
  },
  {
    codes: ['EROFS', 69],
    text: /read-only file system/i,
    what: '{folder} is on a read-only file system. Set DATA_DIR to a writable folder.',
  },
  {
    codes: ['EACCES', 'EPERM', 2, 63],
    text: /permission denied|operation not permitted/i,
    what: '{folder} is not writable for this user. Change its owner or its permissions, or set DATA_DIR to another folder.',
  },
  {
    codes: ['ENOTDIR', 'EEXIST', 54, 20],
    text: /not a directory/i,
    what: '{folder} cannot be created, because a part of its path is a file. Set DATA_DIR to another folder.',
  },
]

/**
 * Explains why a folder of data cannot be written to.
 *
 * @param error  an error of the file system, of PGlite's file system or of PostgreSQL
 * @param folder the folder that could not be written to
 * @returns one sentence with what to do, or null if the error is of another kind
 */
export function storageFailure(error: unknown, folder: string): string | null {
  const { code, errno, message } = partsOf(error)
  const known = failures.find(
    ({ codes, text }) => codes.some((one) => one === code || one === errno) || text.test(message),
  )
  return known?.what.replaceAll('{folder}', () => folder) ?? null
}

// Not instanceof, because PGlite's ErrnoError is not an Error.
function partsOf(error: unknown): { code: unknown; errno: unknown; message: string } {
  if (typeof error !== 'object' || error === null) return { code: undefined, errno: undefined, message: String(error) }
  const { code, errno, message } = error as Record<string, unknown>
  // Node's `errno` is a negative number of this system. `code` has the name.
  return { code, errno: code === undefined ? errno : undefined, message: typeof message === 'string' ? message : '' }
}

/** A folder of data cannot be used. The message gives the reason and what to do. */
export class StorageError extends Error {}

/**
 * Makes sure that a folder exists and takes new files.
 *
 * @throws StorageError
 */
export async function requireWritable(folder: string): Promise<void> {
  const probe = path.join(folder, `.writable.${randomUUID()}`)
  try {
    // Checked first, because on a read-only file system Node.js reports ENOENT for a folder that it cannot create.
    await access(nearestExisting(folder), constants.W_OK)
    await mkdir(folder, { recursive: true })
    await writeFile(probe, Buffer.alloc(probeBytes))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new StorageError(storageFailure(error, folder) ?? `${folder} cannot be used: ${reason}`, { cause: error })
  } finally {
    await rm(probe, { force: true }).catch(() => undefined)
  }
}

/** A full disk can often still create an empty file. */
const probeBytes = 64 * 1024

function nearestExisting(folder: string): string {
  const parent = path.dirname(folder)
  return existsSync(folder) || parent === folder ? folder : nearestExisting(parent)
}
