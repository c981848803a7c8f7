import { execFile } from 'node:child_process'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { ownPorts } from './support/own-ports.mjs'

const root = path.resolve(import.meta.dirname, '../..')
const support = path.join(import.meta.dirname, 'support')

/** Starts the API process without a rule and waits for its exit. */
async function startWithout(rule: string): Promise<{ code: number | string | undefined; output: string }> {
  const options = { cwd: root, env: { PATH: process.env.PATH, ...(await ownPorts()) }, timeout: 20_000 }
  const flags = ['--import', 'tsx', '--import', path.join(support, rule)]
  return new Promise((resolve) => {
    execFile(process.execPath, [...flags, 'server/src/main.ts'], options, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, output: stdout + stderr }),
    )
  })
}

test('does not start if a field has no rule', async () => {
  const { code, output } = await startWithout('without-a-rule.mjs')
  expect(code).toBe(1)
  expect(output).toBe(
    'The server cannot start because its permission rules have errors:\n  - Article.readingMinutes: has no rule\n',
  )
})
