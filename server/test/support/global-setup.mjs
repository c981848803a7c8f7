import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { freePorts } from './free-ports.mjs'

/**
 * Starts one database for each jest worker, in the background: tests that need none do not wait. TEST_DATABASE_URL names a
 * real PostgreSQL; without it each worker gets a local database in memory.
 *
 * @param {{ maxWorkers: number }} config
 */
export default async function globalSetup({ maxWorkers }) {
  const workers = Array.from({ length: maxWorkers }, (_, index) => index + 1)
  const given = process.env.TEST_DATABASE_URL
  const urls = given ? workers.map((worker) => ofWorker(given, worker)) : (await freePorts(maxWorkers)).map(localUrl)
  process.env.GATEPOST_TEST_DATABASES = JSON.stringify(urls)
  // Of this run alone: the databases of an earlier one may still be there, about to be dropped.
  process.env.GATEPOST_TEST_MARK = `test_ready_${randomBytes(6).toString('hex')}`

  const script = path.join(import.meta.dirname, 'prepare-databases.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', script], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, GATEPOST_TEST_ADMIN_DATABASE: given ?? '', NO_DOTENV: '1' },
  })
  Object.assign(globalThis, { testDatabases: child })
}

/**
 * @param {string} given
 * @param {number} worker
 */
function ofWorker(given, worker) {
  const url = new URL(given)
  if (!url.pathname.endsWith('_test'))
    throw new Error('TEST_DATABASE_URL: the name of the database does not end in _test')
  url.pathname = url.pathname.replace(/_test$/, `_w${worker}_test`)
  return url.href
}

/** @param {number} port */
const localUrl = (port) => `postgresql://postgres@127.0.0.1:${port}/gatepost_test`
