import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { takesNode, wrongFolder, wrongNode } from './prepare.mjs'

const engines = '^20.19.0 || ^22.12.0 || ^24.0.0'

test.each([
  ['18.20.8', false],
  ['20.18.3', false],
  ['20.19.0', true],
  ['20.20.2', true],
  ['21.7.3', false],
  ['22.11.0', false],
  ['22.12.0', true],
  ['23.11.0', false],
  ['24.0.0', true],
  ['24.11.1', true],
  ['26.0.0', false],
])('Node.js %s: %s', (version, taken) => {
  expect(takesNode(engines, version)).toBe(taken)
})

test('names the supported versions', () => {
  expect(wrongNode(engines, '26.0.0')).toBe(
    'Node.js 26.0.0 cannot run Gatepost, because a dependency refuses it. ' +
      'Use Node.js 24, or 22.12 or a later 22, or 20.19 or a later 20.',
  )
})

test.each([
  ['/home/jo/gate*post', '`*`'],
  ['/home/jo/what?/gatepost', '`?`'],
  ['C:\\Users\\jo!\\gatepost', '`!`'],
])('a checkout in %s is refused before anything is installed', (folder, character) => {
  expect(wrongFolder(folder)).toBe(
    `Gatepost cannot run in ${folder}: its tools cannot handle ${character} in a path. Move the checkout to another folder.`,
  )
})

test.each(['/home/jo/gate(post) [x]{y}+@$&', '/home/jö/网站'])('a checkout in %s is accepted', (folder) => {
  expect(wrongFolder(folder)).toBeNull()
})

// An old Node.js must be able to run the check of its version.
test.each(['start.mjs', 'test.mjs', 'lock.mjs', 'start/prepare.mjs', 'start/environment.mjs', 'start/ancestors.mjs'])(
  '%s uses nothing that an old Node.js lacks while it loads',
  (file) => {
    const code = readFileSync(path.join(import.meta.dirname, '..', file), 'utf8')
    expect(code).not.toMatch(/import\.meta\.(dirname|filename|resolve)/)
    expect(code).not.toMatch(/from '(?!node:|\.{1,2}\/[\w./-]+\.mjs')/)
  },
)
