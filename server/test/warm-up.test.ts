import { afterAll, expect, test } from '@jest/globals'
import { connectDatabase } from '../src/db/index.ts'
import { startTestApp } from './support/app.ts'
import { makeArticle } from './support/factories.ts'

// The queries that the server runs before it listens.

const app = await startTestApp()
const nowhere = connectDatabase({
  url: 'postgresql://nobody@127.0.0.1:1/gone',
  poolMax: 1,
  onConnectionLost: () => undefined,
})
afterAll(() => nowhere.$disconnect())
const away = await startTestApp({ beside: { db: nowhere, issuer: app.issuer } })
const masked = (logs: readonly string[]) => logs.filter((line) => line.includes('an error was masked')).length

test('runs queries without side effects', async () => {
  await makeArticle(app.db, { visibility: 'PAID' })
  const before = await app.db.member.count()
  // All rounds of lists and articles. An invalid query would end the warm-up in the first round.
  expect(await app.app.warmUp(AbortSignal.timeout(60_000))).toBe(120)
  expect(masked(app.logs)).toBe(0)
  expect(await app.db.member.count()).toBe(before)
})

test('ends after the first failed query', async () => {
  expect(await away.app.warmUp(AbortSignal.timeout(60_000))).toBe(0)
  // The concurrent queries failed together.
  expect(masked(away.logs)).toBeGreaterThan(0)
  expect(masked(away.logs)).toBeLessThanOrEqual(4)
})

test('runs no query after its time limit', async () => {
  const before = masked(away.logs)
  await away.app.warmUp(AbortSignal.abort())
  expect(masked(away.logs)).toBe(before)
})
