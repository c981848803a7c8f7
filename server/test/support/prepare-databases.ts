import { fork, type ChildProcess } from 'node:child_process'
import path from 'node:path'
import pg from 'pg'
import { migrate } from '../../src/db/index.ts'
import { ownPorts } from './own-ports.mjs'

// Makes the databases of a test run, one for each worker, migrated and marked as ready. Ends with its parent.

const root = path.resolve(import.meta.dirname, '../../..')
const urls = JSON.parse(process.env.GATEPOST_TEST_DATABASES ?? '[]') as string[]
const admin = process.env.GATEPOST_TEST_ADMIN_DATABASE
const children: ChildProcess[] = []

if (!process.connected) process.exit(0)
process.on('disconnect', () => {
  for (const child of children) child.disconnect()
  if (children.length === 0) process.exit(0)
  void Promise.all(children.map((child) => new Promise((resolve) => child.once('exit', resolve)))).then(() =>
    process.exit(0),
  )
})

for (const url of urls) await (admin ? makeOnServer(url, admin) : startLocal(url))
for (const url of urls) {
  await migrate({ connectionString: url }, path.join(root, 'prisma/migrations'), () => undefined)
  await run(url, `CREATE TABLE ${process.env.GATEPOST_TEST_MARK ?? 'test_ready'} ()`)
}

async function makeOnServer(url: string, adminUrl: string): Promise<void> {
  const name = new URL(url).pathname.slice(1)
  if (!/^\w+_test$/.test(name)) throw new Error('not the database of a test')
  await run(adminUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  await run(adminUrl, `CREATE DATABASE ${name}`)
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

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
