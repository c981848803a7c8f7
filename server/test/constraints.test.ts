import { expect, test } from '@jest/globals'
import { broken } from './constraints/attempt.ts'
import './constraints/articles.ts'
import { renewReviewedRules, reviewedRules, rulesOfDatabase } from './constraints/database-rules.ts'
import './constraints/histories.ts'
import './constraints/memberships.ts'
import { db } from './constraints/rows.ts'
import './constraints/sales.ts'
import './constraints/small-print.ts'

// What the database refuses whoever writes: each rule of the migrations is broken once, in plain SQL.

test('no check of the migration was left untried', async () => {
  const checks = await db.$queryRaw<{ name: string }[]>`
    SELECT conname AS name FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace`
  expect(checks.length).toBeGreaterThan(15)
  expect(checks.map(({ name }) => name).filter((name) => !broken.has(name))).toEqual([])
})

test('the database has the rules of database-rules.txt, and no other', async () => {
  const rules = await rulesOfDatabase()
  if (process.env.RENEW_DATABASE_RULES) await renewReviewedRules(rules)
  const reviewed = await reviewedRules()
  const missing = reviewed.filter((rule) => !rules.includes(rule))
  const notReviewed = rules.filter((rule) => !reviewed.includes(rule))
  expect({ missing, notReviewed }).toEqual({ missing: [], notReviewed: [] })
})
