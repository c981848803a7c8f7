import { fork, type ChildProcess } from 'node:child_process'
import path from 'node:path'
import { migrate } from '../../src/db/index.ts'
import { ownPorts } from './own-ports.mjs'
import { query } from './query.ts'

// Prepares the databases of a test run: migrates them and marks them as ready. Ends with its parent process.

const root = path.resolve(import.meta.dirname, '../../..')
const urls = JSON.parse(process.env.GATEPOST_TEST_DATABASES ?? '[]') as string[]
const admin = process.env.GATEPOST_TEST_ADMIN_DATABASE
const prefix = process.env.GATEPOST_TEST_PREFIX ?? ''
const mark = process.env.GATEPOST_TEST_MARK ?? ''
const children: ChildProcess[] = []

if (!process.connected) process.exit(0)
process.on('disconnect', () => void stop())

if (admin) await makeTemplate(admin)
else {
  for (const url of urls) await startLocal(url)
  for (const url of urls) {
    await bringUpToDate(url)
    await query(url, `CREATE TABLE ${mark} ()`)
  }
}

async function stop(): Promise<void> {
  for (const child of children) child.disconnect()
  await Promise.all(children.map((child) => new Promise((resolve) => child.once('exit', resolve))))
  if (admin) await dropAll(admin).catch(() => undefined)
  process.exit(0)
}

async function bringUpToDate(url: string): Promise<void> {
  await migrate({ connectionString: url }, path.join(root, 'prisma/migrations'), () => undefined)
}

/** Creates the template. It gets its name when it is ready. PostgreSQL copies only a database without connections. */
async function makeTemplate(adminUrl: string): Promise<void> {
  await dropAll(adminUrl)
  const unready = new URL(adminUrl)
  unready.pathname = `/${mark.replace('template', 'unready')}`
  await query(adminUrl, `CREATE DATABASE ${unready.pathname.slice(1)}`)
  await bringUpToDate(unready.href)
  await query(adminUrl, `ALTER DATABASE ${unready.pathname.slice(1)} RENAME TO ${mark}`)
}

/** Drops all databases of this run and of earlier ones. */
async function dropAll(adminUrl: string): Promise<void> {
  const ours = String.raw`SELECT datname FROM pg_database WHERE datname ~ '^${prefix}(w\d+|template|unready)_\w+_test$'`
  for (const { datname } of await query<{ datname: string }>(adminUrl, ours))
    await query(adminUrl, `DROP DATABASE IF EXISTS ${datname} WITH (FORCE)`)
}

async function startLocal(url: string): Promise<void> {
  const main = path.join(root, 'scripts/local/database/main.ts')
  const child = fork(main, ['--memory', '--port', new URL(url).port], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, ...(await ownPorts()) },
  })
  children.push(child)
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve())
    child.once('exit', (code) => reject(new Error(`the local database ended with ${code}`)))
  })
}
