import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { root } from '../env.ts'

const isTestFile = (file: string): boolean => file.endsWith('.test.ts') && !file.includes('node_modules')

/** Returns the ids at the start of test titles: `test('T02 T18 …`, `])('G03: …`. */
function idsInTitles(folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(isTestFile)
    .flatMap((file) => [
      ...readFileSync(path.join(root, folder, file), 'utf8').matchAll(
        /(?:\b(?:test|describe)|\))\(\s*['"`]([A-Z]\d{1,2}(?: [A-Z]\d{1,2})*)[: ]/g,
      ),
    ])
    .flatMap(([, ids = '']) => ids.split(' '))
}

test('docs/threats.md explains each id in a title of a test', () => {
  const table = readFileSync(path.join(root, 'docs/threats.md'), 'utf8')
  const explained = new Set([...table.matchAll(/^\| ([A-Z]\d+) +\|/gm)].map(([, id]) => id))
  const named = new Set(['server/src', 'server/test', 'site', 'scripts', 'prisma'].flatMap(idsInTitles))
  expect(named.size).toBeGreaterThan(50)
  expect([...named].filter((id) => !explained.has(id))).toEqual([])
})
