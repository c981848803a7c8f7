import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { requireWritable, storageFailure, StorageError } from './storage-failure.ts'

const home = mkdtempSync(path.join(os.tmpdir(), 'gatepost-storage-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

const withCode = (code: string) => Object.assign(new Error(`${code}: something`), { code, errno: -28 })
/** An error as Emscripten throws it: not an Error, with WASI's number. */
const emscripten = (errno: number) => ({ name: 'ErrnoError', errno })

test.each([
  [withCode('ENOSPC'), 'No space is left on the disk of /data/$1. Free some space,'],
  [emscripten(51), 'No space is left on the disk of /data/$1. Free some space,'],
  [
    new Error('could not extend file "base/5/1259": No space left on device'),
    'No space is left on the disk of /data/$1.',
  ],
  [withCode('EDQUOT'), 'Your disk quota for /data/$1 is used up.'],
  [emscripten(69), '/data/$1 is on a read-only file system.'],
  [withCode('EROFS'), '/data/$1 is on a read-only file system.'],
  [withCode('EACCES'), '/data/$1 is not writable for this user.'],
  [emscripten(63), '/data/$1 is not writable for this user.'],
  [withCode('ENOTDIR'), '/data/$1 cannot be created, because a part of its path is a file.'],
])('%p is explained with the folder', (error, text) => {
  expect(storageFailure(error, '/data/$1')).toContain(text)
})

test.each([[withCode('ECONNREFUSED')], [emscripten(44)], [new Error('syntax error')], [null], ['ENOSPC'], [{}]])(
  '%p is not a storage failure',
  (error) => {
    expect(storageFailure(error, '/data')).toBeNull()
  },
)

test('creates a missing folder and leaves it empty', async () => {
  const folder = path.join(home, 'a/b')
  await requireWritable(folder)
  expect(await readdir(folder)).toEqual([])
})

test('reports a file in the path', async () => {
  writeFileSync(path.join(home, 'file'), '')
  const attempt = requireWritable(path.join(home, 'file/data'))
  await expect(attempt).rejects.toThrow(StorageError)
  await expect(attempt).rejects.toThrow(
    `${path.join(home, 'file/data')} cannot be created, because a part of its path is a file.`,
  )
})
