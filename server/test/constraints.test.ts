import { expect, test } from '@jest/globals'
import { broken } from './constraints/attempt.ts'
import './constraints/articles.ts'
import { renewReviewedRules, reviewedRules, rulesOfDatabase } from './constraints/database-rules.ts'
import './constraints/histories.ts'
import './constraints/memberships.ts'
import { db } from './constraints/rows.ts'
import './constraints/sales.ts'
import './constraints/small-print.ts'

// The rules of the database: plain SQL violates each rule of the migrations once.

test('every check of the migrations is tested', async () => {
  const checks = await db.$queryRaw<{ name: string }[]>`
    SELECT conname AS name FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace`
  expect(checks.length).toBeGreaterThan(15)
  expect(checks.map(({ name }) => name).filter((name) => !broken.has(name))).toEqual([])
})

test('the database has exactly the rules of database-rules.txt', async () => {
  const rules = await rulesOfDatabase()
  if (process.env.RENEW_DATABASE_RULES) await renewReviewedRules(rules)
  const reviewed = await reviewedRules()
  const missing = reviewed.filter((rule) => !rules.includes(rule))
  const notReviewed = rules.filter((rule) => !reviewed.includes(rule))
  expect({ missing, notReviewed }).toEqual({ missing: [], notReviewed: [] })
})
