import { describe, expect, test } from '@jest/globals'
import { makeMember, unique } from '../support/factories.ts'
import { attempt, check, q, uniqueness } from './attempt.ts'
import { db, issuer, member, plan } from './rows.ts'

describe('further checks', () => {
  test.each<[string, () => string[], string]>([
    [
      'a plan including itself',
      () => [`INSERT INTO plan_inclusion VALUES (${q(plan)}, ${q(plan)}, now(), true)`],
      'plan_inclusion_of_another',
    ],
    [
      'a negative price',
      () => [`UPDATE plan_price SET amount_minor = -1 WHERE plan_id = ${q(plan)}`],
      'plan_price_is_money',
    ],
    [
      'a currency in lower case',
      () => [`UPDATE plan_price SET currency = 'eur' WHERE plan_id = ${q(plan)}`],
      'plan_price_is_money',
    ],
    [
      'an identity without issuer',
      () => [`INSERT INTO identity VALUES ('', 'x', ${q(member)}, now())`],
      'identity_is_named',
    ],
    [
      'an identity without subject',
      () => [`INSERT INTO identity VALUES ('x', '', ${q(member)}, now())`],
      'identity_is_named',
    ],
    [
      'a very long subject',
      () => [`INSERT INTO identity VALUES ('x', repeat('x', 256), ${q(member)}, now())`],
      'identity_is_named',
    ],
    ['a negative count', () => [`INSERT INTO call_counter VALUES (${q(member)}, -1)`], 'call_counter_counts'],
    ['a second total', () => [`INSERT INTO call_total VALUES (2, 0)`], 'call_total_is_one_row'],
    ['a negative total', () => [`UPDATE call_total SET calls = -1`], 'call_total_is_one_row'],
  ])('%s is refused', async (_name, statements, constraint) => {
    expect(await attempt(...statements())).toEqual({ code: check, message: constraint })
  })

  test('an identity has one member', async () => {
    const subject = unique()
    const [ada, bea] = [await makeMember(db, { issuer, subject }), await makeMember(db, { issuer })]
    expect(ada.id).not.toBe(bea.id)
    expect(await attempt(`INSERT INTO identity VALUES (${q(issuer)}, ${q(subject)}, ${q(bea.id)}, now())`)).toEqual({
      code: uniqueness,
      message: 'identity_pkey',
    })
  })
})
