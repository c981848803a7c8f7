import { afterAll, expect, test } from '@jest/globals'
import { connectDatabase } from '../src/db/index.ts'
import { startTestApp } from './support/app.ts'
import { makeArticle } from './support/factories.ts'

// What a server does for nobody before it listens.

const app = await startTestApp()
const nowhere = connectDatabase({
  url: 'postgresql://nobody@127.0.0.1:1/gone',
  poolMax: 1,
  onConnectionLost: () => undefined,
})
afterAll(() => nowhere.$disconnect())
const away = await startTestApp({ beside: { db: nowhere, issuer: app.issuer } })
const masked = (logs: readonly string[]) => logs.filter((line) => line.includes('an error was masked')).length

test('queries are answered for nobody, and it leaves no trace', async () => {
  await makeArticle(app.db, { visibility: 'PAID' })
  const before = await app.db.member.count()
  // Lists and articles, all rounds: a query that no longer fits the schema would end it at once.
  expect(await app.app.warmUp(AbortSignal.timeout(60_000))).toBe(120)
  expect(masked(app.logs)).toBe(0)
  expect(await app.db.member.count()).toBe(before)
})

test('it ends with the first answer that fails', async () => {
  expect(await away.app.warmUp(AbortSignal.timeout(60_000))).toBe(0)
  // Those that were under way together.
  expect(masked(away.logs)).toBeGreaterThan(0)
  expect(masked(away.logs)).toBeLessThanOrEqual(4)
})

test('it asks nothing once its time is over', async () => {
  const before = masked(away.logs)
  await away.app.warmUp(AbortSignal.abort())
  expect(masked(away.logs)).toBe(before)
})
