import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { freePorts } from './free-ports.mjs'
import { makeRunFolder } from './run-folder.mjs'

/**
 * Prepares what the tests' databases are made of, in the background: tests that need none do not wait. TEST_DATABASE_URL names a
 * real PostgreSQL: a migrated template, from which each file makes its own. Without it each worker gets a local database in
 * memory, which its files share.
 *
 * @param {{ maxWorkers: number }} config
 */
export default async function globalSetup({ maxWorkers }) {
  makeRunFolder()
  const given = process.env.TEST_DATABASE_URL
  // `npm run guards` has made one, and drops what is made of it.
  if (given && process.env.GATEPOST_TEST_TEMPLATE) {
    process.env.GATEPOST_TEST_DATABASES = JSON.stringify(Array(maxWorkers).fill(given))
    process.env.GATEPOST_TEST_MARK = process.env.GATEPOST_TEST_TEMPLATE
    return
  }
  const base = given ? /^\/(\w+_)test$/.exec(new URL(given).pathname)?.[1] : 'gatepost_'
  if (!base) throw new Error('TEST_DATABASE_URL: the name of the database is no word that ends in _test')
  const urls = given ? Array(maxWorkers).fill(given) : (await freePorts(maxWorkers)).map(localUrl)
  process.env.GATEPOST_TEST_DATABASES = JSON.stringify(urls)
  process.env.GATEPOST_TEST_PREFIX = base
  // Of this run alone: the template of an earlier one may still be there, about to be dropped.
  process.env.GATEPOST_TEST_MARK = `${base}template_${randomBytes(6).toString('hex')}_test`

  const script = path.join(import.meta.dirname, 'prepare-databases.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', script], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, GATEPOST_TEST_ADMIN_DATABASE: given ?? '', NO_DOTENV: '1' },
  })
  // It has said why. Each file would wait for it in vain.
  child.once('exit', (code) => code && process.exit(1))
  Object.assign(globalThis, { testDatabases: child })
}

/** @param {number} port */
const localUrl = (port) => `postgresql://postgres@127.0.0.1:${port}/gatepost_test`
