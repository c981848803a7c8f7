import { randomUUID } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { attempt, foreignKey, q, restrict } from './attempt.ts'
import { article, db, event, member, other, plan } from './rows.ts'

describe('histories are append-only', () => {
  const tables = [
    ['article_requirement', 'valid_from = now()'],
    ['article_requirement_plan', `plan_id = plan_id`],
    ['plan_inclusion', 'included = NOT included'],
    ['member_standing_change', `cause = 'forged'`],
    ['membership_change', `cause = 'forged'`],
  ] as const

  test.each(tables)('%s refuses update, delete and truncate', async (table, change) => {
    const refused = { code: restrict, message: `append-only: ${table} is a history` }
    expect(
      Number((await db.$queryRawUnsafe<{ count: bigint }[]>(`SELECT count(*) FROM ${table}`))[0]?.count),
    ).toBeGreaterThan(0)
    expect(await attempt(`UPDATE ${table} SET ${change}`)).toEqual(refused)
    expect(await attempt(`DELETE FROM ${table}`)).toEqual(refused)
    expect(await attempt(`TRUNCATE ${table} CASCADE`)).toMatchObject({ code: restrict })
  })

  test('the content of an event cannot be changed', async () => {
    const emptied = { code: restrict, message: 'append-only: billing_event is a ledger' }
    const change = (what: string) => attempt(`UPDATE billing_event SET ${what} WHERE id = ${q(event)}`)
    expect(await attempt(`DELETE FROM billing_event WHERE id = ${q(event)}`)).toEqual(emptied)
    expect(await attempt('TRUNCATE billing_event')).toEqual(emptied)
    for (const said of [
      `id = 'evt_forged'`,
      'sequence = sequence + 1000000',
      `type = 'forged'`,
      `api_version = 'forged'`,
      `occurred_at = occurred_at - interval '1 day'`,
      `received_at = received_at - interval '1 day'`,
      `customer_id = 'cus_forged'`,
      `invoice_id = 'in_forged'`,
      `payment_intent_id = 'pi_forged'`,
      `payload = '{"forged": true}'`,
    ]) {
      const refused = { code: restrict, message: 'append-only: an event stays as it came' }
      expect([said, await change(said)]).toEqual([said, refused])
    }
    expect(await change(`outcome = 'IGNORED', note = 'of no use'`)).toBeNull()
  })

  const requires = (validFrom: string, visibility = 'PUBLIC') =>
    `INSERT INTO article_requirement (id, article_id, visibility, valid_from)
     VALUES (${q(randomUUID())}, ${q(article)}, '${visibility}', ${validFrom})`
  const includes = (validFrom: string) =>
    `INSERT INTO plan_inclusion (plan_id, included_plan_id, valid_from, included)
     VALUES (${q(other)}, ${q(plan)}, ${validFrom}, false)`

  test.each([
    ['a year ago', `now() - interval '1 year'`],
    ['at the same instant', `(SELECT max(valid_from) FROM article_requirement WHERE article_id = '$article')`],
  ])('refuses a requirement dated %s', async (_name, when) => {
    expect(await attempt(requires(when.replace('$article', article)))).toEqual({
      code: restrict,
      message: 'append-only: a requirement of this article is already valid from then or later',
    })
  })

  test('refuses an inclusion before the latest one', async () => {
    expect(await attempt(includes(`now() - interval '1 year'`))).toEqual({
      code: restrict,
      message: 'append-only: an inclusion of these plans is already valid from then or later',
    })
  })

  test('accepts rows after the latest one', async () => {
    expect(await attempt(requires('now()'), requires(`now() + interval '1 day'`), includes('now()'))).toBeNull()
  })

  test.each([
    ['a member with a history', () => `DELETE FROM member WHERE id = ${q(member)}`],
    ['an article with a requirement', () => `DELETE FROM article WHERE id = ${q(article)}`],
    ['a plan that is held', () => `DELETE FROM plan WHERE id = ${q(plan)}`],
    ['a plan that includes others', () => `DELETE FROM plan WHERE id = ${q(other)}`],
  ])('%s cannot be deleted', async (_name, statement) => {
    const refusal = await attempt(statement())
    expect([restrict, foreignKey]).toContain(refusal?.code)
  })
})
