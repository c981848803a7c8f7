import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { root, settingNames as scriptNames } from '../../scripts/env.ts'
import { settingNames as serverNames } from '../src/env.ts'
import { ownPorts, portSettings } from './support/own-ports.mjs'

// `npm test` can run beside `npm start`, so each process of a test needs its own ports. A default port is taken or leads to another
// process's clock or data.

test('ownPorts sets every port with a default', () => {
  const names = new Set([...serverNames, ...scriptNames].filter((name) => /(^|_)PORT$/.test(name)))
  // METRICS_PORT has no default.
  names.delete('METRICS_PORT')
  expect([...portSettings].sort()).toEqual([...names].sort())
})

test('ownPorts returns different free ports and keeps given ones', async () => {
  const ports = await ownPorts({ PORT: '1' })
  expect(ports.PORT).toBe('1')
  expect(new Set(Object.values(ports)).size).toBe(portSettings.length)
  for (const port of Object.values(ports)) expect(['4000', '4001', '4002', '4003', '8000']).not.toContain(port)
})

const startsProcess = /(?<![.\w])(spawn|fork|execFile|exec)\(/
const isOfTests = /(\.test\.tsx?|\/test-[\w-]+\.ts|\/test\/.*\.(ts|mjs))$/

/** Test files whose processes neither listen on a port nor connect to one. */
const portless = new Set([
  'scripts/lock.test.ts',
  'scripts/start/children.test.ts',
  'server/test/own-ports.test.ts',
  'server/test/support/global-setup.mjs',
])

/** Returns the problem of a test file, or null. */
function problemOf(file: string, text: string): string | null {
  if (!startsProcess.test(text) || portless.has(file)) return null
  return /\bownPorts\(/.test(text) ? null : `${file} starts a process without ownPorts()`
}

function filesBelow(folder: string): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = `${folder}/${entry.name}`
    if (entry.isDirectory()) return notOurs.has(entry.name) ? [] : filesBelow(name)
    return isOfTests.test(name) ? [name] : []
  })
}
const notOurs = new Set(['node_modules', 'dist', 'public', '.cache', 'generated'])

test('every test file that starts a process uses ownPorts', () => {
  const files = ['server', 'scripts', 'prisma', 'site'].flatMap(filesBelow)
  expect(files).toContain('server/test/support/server-process.ts')
  expect(files.map((file) => problemOf(file, readFileSync(path.join(root, file), 'utf8'))).filter(Boolean)).toEqual([])
})

test('finds a test file that does not', () => {
  expect(problemOf('scripts/x.test.ts', 'spawn(process.execPath, [main], { env: { PORT: "5997" } })')).toBe(
    'scripts/x.test.ts starts a process without ownPorts()',
  )
})
