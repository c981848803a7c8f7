import path from 'node:path'
import { expect, test } from '@jest/globals'
import pg from 'pg'
import { onRealPostgres, testDatabase, testDatabaseUrl } from '../../test/support/database.ts'
import { migrate } from './migrate.ts'

const folder = path.resolve(import.meta.dirname, '../../../prisma/migrations')
await testDatabase()

test('applies nothing to an up-to-date database', async () => {
  const log: string[] = []
  expect(await migrate({ connectionString: testDatabaseUrl() }, folder, (line) => log.push(line))).toEqual([])
  expect(log).toEqual([])
})

const onlyReal = onRealPostgres ? test : test.skip

onlyReal('only one of five concurrent calls migrates', async () => {
  const name = `migrate_${process.pid}_test`
  const admin = new pg.Client({ connectionString: testDatabaseUrl() })
  await admin.connect()
  await admin.query(`CREATE DATABASE ${name}`)
  try {
    const url = new URL(testDatabaseUrl())
    url.pathname = `/${name}`
    const connection = { connectionString: url.href, statement_timeout: 50 }
    const each = await Promise.all(Array.from({ length: 5 }, () => migrate(connection, folder, () => undefined)))
    expect(each.filter((applied) => applied.length > 0)).toHaveLength(1)
  } finally {
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`)
    await admin.end()
  }
})

test('rejects if the database is unreachable', async () => {
  const url = new URL(testDatabaseUrl())
  url.port = '1'
  await expect(migrate({ connectionString: url.href }, folder, () => undefined)).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  })
})
