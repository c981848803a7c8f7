import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { freePorts } from './free-ports.mjs'
import { makeRunFolder } from './run-folder.mjs'

/**
 * Prepares the databases of the tests in the background, so that tests without a database do not wait. With TEST_DATABASE_URL, a real
 * PostgreSQL, it creates a migrated template that each file copies. Otherwise it starts a local in-memory database for each worker,
 * which the worker's files share.
 *
 * @param {{ maxWorkers: number }} config
 */
export default async function globalSetup({ maxWorkers }) {
  makeRunFolder()
  const given = process.env.TEST_DATABASE_URL
  // `npm run guards` has created the template and drops the copies.
  if (given && process.env.GATEPOST_TEST_TEMPLATE) {
    process.env.GATEPOST_TEST_DATABASES = JSON.stringify(Array(maxWorkers).fill(given))
    process.env.GATEPOST_TEST_MARK = process.env.GATEPOST_TEST_TEMPLATE
    return
  }
  const base = given ? /^\/(\w+_)test$/.exec(new URL(given).pathname)?.[1] : 'gatepost_'
  if (!base) throw new Error('TEST_DATABASE_URL: the name of the database must be a word that ends in _test')
  const urls = given ? Array(maxWorkers).fill(given) : (await freePorts(maxWorkers)).map(localUrl)
  process.env.GATEPOST_TEST_DATABASES = JSON.stringify(urls)
  process.env.GATEPOST_TEST_PREFIX = base
  // Unique for this run, because the template of an earlier run may not have been dropped yet.
  process.env.GATEPOST_TEST_MARK = `${base}template_${randomBytes(6).toString('hex')}_test`

  const script = path.join(import.meta.dirname, 'prepare-databases.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', script], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, GATEPOST_TEST_ADMIN_DATABASE: given ?? '', NO_DOTENV: '1' },
  })
  // The child has printed the reason. Without the databases every file would time out.
  child.once('exit', (code) => code && process.exit(1))
  Object.assign(globalThis, { testDatabases: child })
}

/** @param {number} port */
const localUrl = (port) => `postgresql://postgres@127.0.0.1:${port}/gatepost_test`
