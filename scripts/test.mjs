import { spawn } from 'node:child_process'
import { jestCommand } from './jest/command.mjs'
import { countsFile, environmentOfTests } from './start/environment.mjs'
import { checkMachine, NotPrepared, prepare, root } from './start/prepare.mjs'

// `npm test` runs all checks and tests. It runs before the installation. It reads neither .env nor the environment variables of settings,
// so that results are the same on every machine. Arguments after `--` are passed to jest, except `--slowest`, which prints the files
// that took longest.

try {
  checkMachine()
  await prepare(console.log)
} catch (error) {
  console.error(error instanceof NotPrepared ? error.message : error)
  process.exit(1)
}

const env = environmentOfTests()

/**
 * @param {string[]} args
 * @returns {Promise<number>}
 */
function node(...args) {
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: 'inherit' })
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => child.kill(signal))
  return new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)))
}

const given = process.argv.slice(2).filter((argument) => argument !== '--slowest')
const reporters = process.argv.includes('--slowest') ? ['default', `${root}/scripts/jest/slowest.mjs`] : []
const counts = countsFile ? ['--json', `--outputFile=${countsFile}`] : []
const checked = given.length > 0 ? 0 : await node('--import', 'tsx', 'scripts/check.ts')
const tested = await node(...jestCommand, ...given, ...reporters.map((one) => `--reporters=${one}`), ...counts)
process.exit(checked || tested)
