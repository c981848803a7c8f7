import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { root } from '../env.ts'

// A document that names a file names one that exists. Decision records are history and may name files of their time.

const ignored = new Set(['node_modules', '.git', '.data', '.cache', 'public', 'dist', 'coverage', 'generated'])

function filesIn(folder: string): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = path.posix.join(folder, entry.name)
    if (entry.isDirectory()) return ignored.has(entry.name) ? [] : filesIn(name)
    return [name]
  })
}

const files = filesIn('')
const documents = files.filter((file) => file.endsWith('.md') && isDocument(file))

function isDocument(file: string): boolean {
  return !/^(prisma\/content|docs\/decisions|server\/|site\/|CHANGELOG)/.test(file) && !file.includes('/fixtures/')
}

const namesIn = (text: string): string[] =>
  [...text.matchAll(/`([\w@./-]+\.(?:ts|tsx|mjs|graphql|prisma|sql|yml))`/g)].map(([, name = '']) => name)

const exists = (name: string): boolean => files.some((file) => file === name || file.endsWith(`/${name}`))

test('the documents are found', () => {
  expect(documents).toEqual(expect.arrayContaining(['ARCHITECTURE.md', 'docs/architecture/requests.md']))
  expect(documents.flatMap((file) => namesIn(readFileSync(path.join(root, file), 'utf8'))).length).toBeGreaterThan(50)
})

test.each(documents)('%s names files that exist', (document) => {
  const names = namesIn(readFileSync(path.join(root, document), 'utf8'))
  expect(names.filter((name) => !exists(name))).toEqual([])
})
