import path from 'node:path'
import pg from 'pg'
import { migrate } from '../../server/src/db/index.ts'
import { query } from '../../server/test/support/query.ts'
import { root } from '../env.ts'
import { ScriptError } from '../run-script.ts'
import { environmentOfTests } from '../start/environment.mjs'
import { runTests, type Change, type TestRun } from './run-tests.ts'

/** Runs tests one run at a time, with its own databases. */
export interface Lane {
  readonly run: (tests: readonly string[], change?: Change) => Promise<TestRun>
}

const template = 'guards_test'
/** One more than the usual two cores, because a run sometimes waits for its database. */
const names = ['guards_lane1', 'guards_lane2', 'guards_lane3']

/**
 * Creates a migrated database that the tests of all lanes copy, and drops all copies afterwards.
 *
 * @param work gets the lanes, and the address of the migrated database
 * @throws ScriptError without TEST_DATABASE_URL
 */
export async function withLanes(work: (lanes: readonly Lane[], migrated: string) => Promise<void>): Promise<void> {
  const given = environmentOfTests().TEST_DATABASE_URL
  if (!given) throw new ScriptError('Set TEST_DATABASE_URL to a database of a PostgreSQL whose name ends in _test.')
  if (new URL(given).pathname.startsWith('/guards_'))
    throw new ScriptError('Set TEST_DATABASE_URL to another database: the names guards_… are for the run itself.')
  const admin = new pg.Pool({ connectionString: given, max: names.length })
  const drop = async (prefix: string) => {
    const sql = 'SELECT datname FROM pg_database WHERE starts_with(datname, $1)'
    const { rows } = await admin.query<{ datname: string }>(sql, [prefix])
    for (const { datname } of rows) await admin.query(`DROP DATABASE IF EXISTS ${datname} WITH (FORCE)`)
  }
  const addressOf = (name: string): string => Object.assign(new URL(given), { pathname: `/${name}` }).href
  const laneNamed = (name: string): Lane => ({
    async run(tests, change = {}) {
      const own = `${name}_template_test`
      if (change.sql) {
        await admin.query(`CREATE DATABASE ${own} TEMPLATE ${template}`)
        await query(addressOf(own), change.sql)
      }
      try {
        return await runTests(tests, change, { template: change.sql ? own : template, prefix: `${name}_` })
      } finally {
        await drop(`${name}_`)
      }
    },
  })
  try {
    await drop('guards_')
    await admin.query(`CREATE DATABASE ${template}`)
    await migrate({ connectionString: addressOf(template) }, path.join(root, 'prisma/migrations'), () => undefined)
    await work(names.map(laneNamed), addressOf(template))
  } finally {
    await drop('guards_')
    await admin.end()
  }
}
