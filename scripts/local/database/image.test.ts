import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { initialDatabase, keep } from './image.ts'

const temporary = mkdtempSync(path.join(os.tmpdir(), 'gatepost-image-'))
afterAll(() => rmSync(temporary, { recursive: true, force: true }))

test('the first database leaves an image, and the next begins with it', async () => {
  const image = path.join(temporary, 'cache', 'database.tar')
  const written = []
  for (const _time of ['first', 'second']) {
    const db = await initialDatabase('memory://', image)
    const { rows } = await db.query('SELECT count(*)::int AS tables FROM pg_tables WHERE schemaname = $1', ['public'])
    expect(rows).toEqual([{ tables: 0 }])
    await db.close()
    written.push(statSync(image).mtimeMs)
  }
  expect(written[1]).toBe(written[0])
})

test('nothing fails where no image can be kept', async () => {
  const file = path.join(temporary, 'a-file')
  writeFileSync(file, '')
  await keep(path.join(file, 'database.tar'), () => Promise.resolve(Buffer.from('image')))
  await keep(path.join(temporary, 'database.tar'), () => Promise.reject(new Error('no dump')))
  expect(readdirSync(temporary)).not.toContain('database.tar')
})
