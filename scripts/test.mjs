import { spawn } from 'node:child_process'
import path from 'node:path'
import { checkNode, NotPrepared, prepare, root } from './start/prepare.mjs'

// `npm test`: everything that must hold. Runs before anything is installed; reads no .env and nothing else of the
// environment that settings come from, so that it says the same on every machine. What follows `--` goes to jest.

try {
  checkNode()
  await prepare(console.log)
} catch (error) {
  console.error(error instanceof NotPrepared ? error.message : error)
  process.exit(1)
}

/** What tests may take from outside: where a real PostgreSQL and a real Redis are, and what Node and the shell need. */
const kept =
  /^(TEST_DATABASE_URL|TEST_REDIS_URL|CI|PATH|HOME|TMPDIR|TEMP|TMP|LANG|LC_\w+|TERM|FORCE_COLOR|NO_COLOR|npm_\w+|SystemRoot|ComSpec|PATHEXT|CHROMIUM_PATH)$/
const env = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => kept.test(name))),
  NO_DOTENV: '1',
  NODE_ENV: 'test',
}

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

const jest = ['--experimental-vm-modules', '--no-warnings', path.join(root, 'node_modules/jest/bin/jest.js')]
const given = process.argv.slice(2)
const counts = process.env.GATEPOST_TEST_COUNTS
const checked = given.length > 0 ? 0 : await node('--import', 'tsx', 'scripts/check.ts')
const tested = await node(...jest, ...given, ...(counts ? ['--json', `--outputFile=${counts}`] : []))
process.exit(checked || tested)
