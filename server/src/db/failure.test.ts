import { afterAll, afterEach, expect, test } from '@jest/globals'
import pg from 'pg'
import { startDatabaseProxy } from '../../test/support/database-proxy.ts'
import { eventually } from '../../test/support/eventually.ts'
import { onRealPostgres, testDatabase, testDatabaseUrl } from '../../test/support/database.ts'
import { connectDatabase, createPool, type Database, type Queryable } from './client.ts'
import { isDatabaseFailure } from './failure.ts'
import { migrate } from './migrate.ts'

// The driver produces each failure over the wire, in each of the ways in which the server queries.

await testDatabase()
const proxy = await startDatabaseProxy()
/** Short timeouts, for a network that drops everything. */
const hasty = { connectionTimeoutMillis: 300, query_timeout: 300 }
const open: Database[] = []
const connect = (config: pg.PoolConfig = {}): Database => {
  const options = { url: proxy.url, poolMax: 4, onConnectionLost: () => undefined }
  const db = connectDatabase(options, createPool(options, config))
  open.push(db)
  return db
}
const db = connect()
afterEach(() => endFaults())
afterAll(() => Promise.all(open.map((one) => one.$disconnect())))

type Ask = (db: Queryable) => Promise<unknown>
const byModel: Ask = (on) => on.plan.findFirst()
const byRaw: Ask = (on) => on.$queryRaw`SELECT 1`

const failureOf = async (pending: Promise<unknown>): Promise<unknown> => {
  let failure: unknown = 'none'
  await pending.catch((error: unknown) => (failure = error))
  expect(failure).not.toBe('none')
  return failure
}

const endFaults = async (): Promise<void> => {
  proxy.failStatements(null)
  await proxy.set('none')
}

/**
 * Returns the errors of queries after a fault has begun: by a model, by SQL, and both inside a transaction. They run one after the
 * other, because the local database has one session.
 */
async function failuresOf(begin: () => unknown, on = db): Promise<Record<string, unknown>> {
  const inTransaction = (ask: Ask) =>
    failureOf(
      on.$transaction(async (tx) => {
        await byRaw(tx)
        await begin()
        return ask(tx)
      }),
    )
  const modelInTransaction = await inTransaction(byModel)
  await endFaults()
  const sqlInTransaction = await inTransaction(byRaw)
  await endFaults()
  await begin()
  return { model: await failureOf(byModel(on)), sql: await failureOf(byRaw(on)), modelInTransaction, sqlInTransaction }
}
const judge = (failures: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(failures).map(([way, failure]) => [way, isDatabaseFailure(failure)]))
const everyWay = (is: boolean) => ({ model: is, sql: is, modelInTransaction: is, sqlInTransaction: is })

const outages = [
  ['08000', '08001', '08003', '08004', '08006', '08P01', '25006', '25P03', '25P04', '28000', '28P01', '3D000'],
  ['40001', '40003', '40P01', '53000', '53100', '53200', '53300', '53400', '55000', '55006', '55P03', '57000'],
  ['57014', '57P01', '57P02', '57P03', '57P04', '57P05', '58000', '58030', '72000', 'F0000', 'XX000', 'XX001'],
].flat()
const bugs = [
  '0A000',
  '21000',
  '22001',
  '22003',
  '22P02',
  '23502',
  '23503',
  '23505',
  '23514',
  '42601',
  '42703',
  '42P01',
]

test.each(outages)('SQLSTATE %s is an outage in every kind of query', async (sqlState) => {
  expect(judge(await failuresOf(() => proxy.failStatements({ error: sqlState })))).toEqual(everyWay(true))
})

test.each(bugs)('SQLSTATE %s is a bug in every kind of query', async (sqlState) => {
  expect(judge(await failuresOf(() => proxy.failStatements({ error: sqlState })))).toEqual(everyWay(false))
})

test.each(['57P01', '08006', 'XX000'])('SQLSTATE %s that ends the connection is an outage', async (sqlState) => {
  expect(judge(await failuresOf(() => proxy.failStatements({ fatal: sqlState })))).toEqual(everyWay(true))
})

test.each(['refused', 'reset', 'silent'] as const)('a network that is %s is an outage', async (fault) => {
  expect(judge(await failuresOf(() => proxy.set(fault), connect(hasty)))).toEqual(everyWay(true))
})

test('a connection lost during a statement is an outage', async () => {
  proxy.failStatements(null)
  const pending = [db.$queryRaw`SELECT pg_sleep(2)`, db.$executeRaw`SELECT pg_sleep(2)`].map((one) => failureOf(one))
  await eventually(() => proxy.statements() === 2)
  proxy.cut()
  expect((await Promise.all(pending)).map(isDatabaseFailure)).toEqual([true, true])
})

const raise = (sqlState: string): Ask => {
  const sql = `DO $$ BEGIN RAISE EXCEPTION 'planted' USING ERRCODE = '${sqlState}'; END $$`
  return (on) => on.$executeRawUnsafe(sql)
}

test.each(['08006', '53200', '55000', '57P01', '58030'])('%s raised by PostgreSQL is an outage', async (code) => {
  expect(isDatabaseFailure(await failureOf(raise(code)(db)))).toBe(true)
  expect(isDatabaseFailure(await failureOf(db.$transaction((tx) => raise(code)(tx))))).toBe(true)
})

test('a violated constraint is a bug', async () => {
  expect(isDatabaseFailure(await failureOf(raise('23514')(db)))).toBe(false)
})

test('a pool without a free connection is an outage', async () => {
  const small = connect({ ...hasty, query_timeout: 5_000, max: 1 })
  const busy = small.$queryRaw`SELECT pg_sleep(1)`.catch(() => undefined)
  expect(isDatabaseFailure(await failureOf(small.$queryRaw`SELECT 1`))).toBe(true)
  await busy
})

test('a transaction that takes too long is an outage', async () => {
  const slow = db.$transaction(
    async (tx) => {
      await new Promise((resolve) => setTimeout(resolve, 60))
      return tx.$queryRaw`SELECT 1`
    },
    { timeout: 20 },
  )
  expect(isDatabaseFailure(await failureOf(slow))).toBe(true)
})

test('a closed pool is an outage', async () => {
  const gone = connect()
  await byRaw(gone)
  await gone.$disconnect()
  const pool = new pg.Pool({ connectionString: testDatabaseUrl() })
  await pool.end()
  expect(isDatabaseFailure(await failureOf(pool.query('SELECT 1')))).toBe(true)
})

test.each([
  ['a host without an address', 'postgresql://nobody@nowhere.invalid:5432/gone_test'],
  ['a port without a listener', 'postgresql://nobody@127.0.0.1:1/gone_test'],
  ['a missing socket', 'postgresql://nobody@%2Fnowhere/gone_test'],
  ['a server that is not PostgreSQL', null],
])('%s is an outage', async (_title, url) => {
  const { createServer } = await import('node:net')
  const server = createServer(
    (socket) => void socket.on('error', () => undefined).end('HTTP/1.1 400 Bad Request\r\n\r\n'),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const elsewhere = connect({ connectionString: url ?? `postgresql://nobody@127.0.0.1:${port}/gone_test` })
  const failures = [await failureOf(byModel(elsewhere)), await failureOf(byRaw(elsewhere))]
  server.close()
  expect(failures.map(isDatabaseFailure)).toEqual([true, true])
})

test.each(['refused', 'reset', 'silent', 'flapping'] as const)(
  'a migration on a network that is %s is an outage',
  async (fault) => {
    await proxy.set(fault)
    const folder = new URL('../../../prisma/migrations', import.meta.url).pathname
    const connection = { connectionString: proxy.url, ...hasty }
    const pending = Promise.race([migrate(connection, folder, () => undefined), late()])
    if (fault !== 'flapping') expect(isDatabaseFailure(await failureOf(pending))).toBe(true)
    else await pending.catch((error: unknown) => expect(isDatabaseFailure(error)).toBe(true))
  },
)
const late = () =>
  new Promise((_resolve, reject) => setTimeout(() => reject(new Error('the migration did not time out')), 20_000))

const onlyReal = onRealPostgres ? test : test.skip

onlyReal('a connection terminated during a transaction is an outage', async () => {
  const ended = db.$transaction(async (tx) => {
    const [row] = await tx.$queryRaw<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`
    await byRaw(connect())
    await connect().$queryRaw`SELECT pg_terminate_backend(${row?.pid ?? 0})`
    return byModel(tx)
  })
  expect(isDatabaseFailure(await failureOf(ended))).toBe(true)
})

onlyReal('a closed or missing database is an outage', async () => {
  const name = `closed_${process.pid}_test`
  const url = new URL(proxy.url)
  await connect({ statement_timeout: 0, query_timeout: 0 }).$executeRawUnsafe(
    `CREATE DATABASE ${name} ALLOW_CONNECTIONS false`,
  )
  try {
    for (const database of [name, 'not_there_test']) {
      url.pathname = database
      for (const ask of [byModel, byRaw]) {
        expect(isDatabaseFailure(await failureOf(ask(connect({ connectionString: url.href }))))).toBe(true)
      }
    }
  } finally {
    await connect({ statement_timeout: 0, query_timeout: 0 }).$executeRawUnsafe(`DROP DATABASE ${name}`)
  }
})

onlyReal('a deadlock is an outage', async () => {
  const keys = [918_273_001, 918_273_002]
  let locked = 0
  let go: () => void = () => undefined
  const both = new Promise<void>((resolve) => (go = resolve))
  const patient = connect({ query_timeout: 10_000 })
  const take = (order: number[]) =>
    patient.$transaction(async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(${order[0] ?? 0}::bigint)`
      if ((locked += 1) === 2) go()
      await both
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(${order[1] ?? 0}::bigint)`
    })
  const results = await Promise.allSettled([take(keys), take([...keys].reverse())])
  const failed = results.filter((result) => result.status === 'rejected')
  expect(failed.length).toBeGreaterThan(0)
  expect(failed.map(({ reason }) => isDatabaseFailure(reason))).not.toContain(false)
  expect(failed.map(({ reason }) => String(reason)).join()).toMatch(/deadlock|conflict/)
})

const cyclic = new Error('cyclic')
cyclic.cause = cyclic
test.each([
  null,
  undefined,
  'P1001',
  42,
  new Error('a bug'),
  new TypeError('x is not a function'),
  Object.assign(new Error('a file'), { code: 'ENOENT', syscall: 'open' }),
  Object.assign(new Error('a code that is none'), { code: '57' }),
  cyclic,
])('%p is not an outage', (error) => {
  expect(isDatabaseFailure(error)).toBe(false)
})
