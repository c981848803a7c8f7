import path from 'node:path'
import pg from 'pg'
import { migrate } from '../../server/src/db/index.ts'
import { root } from '../env.ts'
import { ScriptError } from '../run-script.ts'
import { environmentOfTests } from '../start/environment.mjs'

/** Makes a migrated database of its own for each run, and one for each lane; drops them afterwards. */
export async function withTemplate(work: (database: string) => Promise<void>): Promise<void> {
  const given = environmentOfTests().TEST_DATABASE_URL
  if (!given) throw new ScriptError('Set TEST_DATABASE_URL to a database of a PostgreSQL whose name ends in _test.')
  const names = ['guards_test', 'guards_lane1_test', 'guards_lane2_test']
  const url = new URL(given)
  url.pathname = '/guards_test'
  const admin = new pg.Client({ connectionString: given })
  await admin.connect()
  const drop = async () => {
    for (const name of names) await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  }
  try {
    await drop()
    for (const name of names) await admin.query(`CREATE DATABASE ${name}`)
    await migrate({ connectionString: url.href }, path.join(root, 'prisma/migrations'), () => undefined)
    await work(url.href)
  } finally {
    await drop()
    await admin.end()
  }
}
