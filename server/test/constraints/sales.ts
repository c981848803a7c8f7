import { randomUUID } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { unique } from '../support/factories.ts'
import { attempt, check, q, uniqueness } from './attempt.ts'
import { member, plan } from './rows.ts'

describe('plans, prices, promotions and gifts', () => {
  const trial = (days: number) => `UPDATE plan SET trial_days = ${days} WHERE id = ${q(plan)}`
  const price = (amount: number, currency = 'EUR', archived = 'NULL') =>
    `INSERT INTO billing_price VALUES (${q(`price_${unique()}`)}, ${q(plan)}, 'YEARLY', ${amount}, ${q(currency)}, ${archived})`
  const promotion = (
    fields: Partial<Record<'code' | 'percent' | 'amount' | 'currency' | 'lasts' | 'months', string>>,
  ) => {
    const {
      code = 'SPRING',
      percent = 'NULL',
      amount = 'NULL',
      currency = 'NULL',
      lasts = 'ONCE',
      months = 'NULL',
    } = fields
    return `INSERT INTO promotion (code, percent_off, amount_off_minor, currency, duration, months, created_at)
      VALUES (${q(code)}, ${percent}, ${amount}, ${currency}, '${lasts}', ${months}, now())`
  }
  const half = { percent: '50' }
  const eur = `'EUR'`
  const gift = (redeemedAt: string, by: () => string, membership: () => string) =>
    `INSERT INTO gift (id, code, plan_id, "interval", amount_minor, currency, buyer_id, session_id, bought_at, redeemed_at, redeemed_by_id, membership_id)
     VALUES (${q(randomUUID())}, ${q(unique())}, ${q(plan)}, 'MONTHLY', 500, 'EUR', ${q(member)}, ${q(unique())}, now(),
       ${redeemedAt}, ${by()}, ${membership()})`
  const nothing = () => 'NULL'
  const somebody = () => q(member)
  const task = (kind: string, priceId: string) =>
    `INSERT INTO billing_task (subscription_id, customer_id, kind, price_id, created_at)
     VALUES (${q(`sub_${unique()}`)}, 'cus_x', '${kind}', ${priceId}, now())`
  const round = (seconds: number) =>
    `INSERT INTO job_schedule (kind, key, data, due_at, every_seconds) VALUES ('x', ${q(unique())}, '{}', now(), ${seconds})`
  const bytes = ({ payload = '{}', customer = 'NULL', outcome = 'PENDING' } = {}) =>
    `INSERT INTO billing_event (id, type, occurred_at, received_at, customer_id, payload, outcome, body)
     VALUES (${q(`evt_${unique()}`)}, 'x', now(), now(), ${customer}, '${payload}', '${outcome}', '\\x00')`
  const theirs = () => `(SELECT id FROM membership WHERE member_id = ${q(member)})`

  test.each<[string, () => string, string | null]>([
    ['no trial', () => trial(0), null],
    ['a trial of two years', () => trial(730), null],
    ['a longer trial', () => trial(731), 'plan_trial_has_length'],
    ['a negative trial', () => trial(-1), 'plan_trial_has_length'],
    ['a price of 0', () => price(0), null],
    ['a negative price', () => price(-1), 'billing_price_is_money'],
    ['a currency in lower case', () => price(500, 'eur'), 'billing_price_is_money'],
    ['a currency of two letters', () => price(500, 'EU'), 'billing_price_is_money'],
    ['the shortest code', () => promotion({ ...half, code: 'A1B' }), null],
    ['the longest code', () => promotion({ ...half, code: 'A'.repeat(40) }), null],
    ['a code of two characters', () => promotion({ ...half, code: 'AB' }), 'promotion_code_form'],
    ['a code that is too long', () => promotion({ ...half, code: 'A'.repeat(41) }), 'promotion_code_form'],
    ['a code in lower case', () => promotion({ ...half, code: 'spring' }), 'promotion_code_form'],
    ['a code of two words', () => promotion({ ...half, code: 'IN SPRING' }), 'promotion_code_form'],
    ['a code with a line break', () => promotion({ ...half, code: 'SPRING\n' }), 'promotion_code_form'],
    ['100 percent off', () => promotion({ percent: '100' }), null],
    ['one cent off', () => promotion({ amount: '1', currency: eur }), null],
    ['neither percent nor amount', () => promotion({}), 'promotion_is_percent_or_amount'],
    ['both off', () => promotion({ ...half, amount: '100', currency: eur }), 'promotion_is_percent_or_amount'],
    ['percent with a currency', () => promotion({ ...half, currency: eur }), 'promotion_is_percent_or_amount'],
    ['an amount without a currency', () => promotion({ amount: '100' }), 'promotion_is_percent_or_amount'],
    ['0 percent off', () => promotion({ percent: '0' }), 'promotion_is_percent_or_amount'],
    ['101 percent off', () => promotion({ percent: '101' }), 'promotion_is_percent_or_amount'],
    ['an amount of 0', () => promotion({ amount: '0', currency: eur }), 'promotion_is_percent_or_amount'],
    ['off for three months', () => promotion({ ...half, lasts: 'REPEATING', months: '3' }), null],
    ['off for ever', () => promotion({ ...half, lasts: 'FOREVER' }), null],
    [
      'off for an unknown number of months',
      () => promotion({ ...half, lasts: 'REPEATING' }),
      'promotion_repeats_for_months',
    ],
    ['off once, with months', () => promotion({ ...half, months: '3' }), 'promotion_repeats_for_months'],
    [
      'off for ever, with months',
      () => promotion({ ...half, lasts: 'FOREVER', months: '3' }),
      'promotion_repeats_for_months',
    ],
    ['a cancellation', () => task('CANCEL', 'NULL'), null],
    ['a change of price', () => task('CHANGE_PRICE', `'price_x'`), null],
    ['a cancellation with a price', () => task('CANCEL', `'price_x'`), 'billing_task_names_its_price'],
    [
      'a cancellation at the period end with a price',
      () => task('CANCEL_AT_PERIOD_END', `'price_x'`),
      'billing_task_names_its_price',
    ],
    ['a change of price without a price', () => task('CHANGE_PRICE', 'NULL'), 'billing_task_names_its_price'],
    ['a recurring job', () => round(60), null],
    ['a recurring job with an interval of 0', () => round(0), 'job_schedule_comes_round'],
    ['an event as bytes', () => bytes(), null],
    ['an event as bytes that is ignored', () => bytes({ outcome: 'IGNORED' }), null],
    ['an event as bytes that was applied', () => bytes({ outcome: 'APPLIED' }), 'billing_event_body_waits'],
    ['an event as bytes with a customer', () => bytes({ customer: `'cus_x'` }), 'billing_event_body_waits'],
    ['an event as bytes and as an object', () => bytes({ payload: '{"a": 1}' }), 'billing_event_body_waits'],
    ['a gift', () => gift('NULL', nothing, nothing), null],
    ['a redeemed gift', () => gift('now()', somebody, theirs), null],
    ['a redeemed gift without a member', () => gift('now()', nothing, theirs), 'gift_redeemed_by_somebody'],
    ['a redeemed gift without a membership', () => gift('now()', somebody, nothing), 'gift_redeemed_by_somebody'],
    ['a redeemer without a time', () => gift('NULL', somebody, nothing), 'gift_redeemed_by_somebody'],
    ['a membership without a time', () => gift('NULL', nothing, theirs), 'gift_redeemed_by_somebody'],
  ])('%s', async (_name, statement, constraint) => {
    expect(await attempt(statement())).toEqual(constraint && { code: check, message: constraint })
  })

  test('a plan has one price per interval', async () => {
    const taken = { code: uniqueness, message: 'billing_price_on_sale' }
    expect(await attempt(price(500), price(600))).toEqual(taken)
    expect(await attempt(price(500, 'EUR', 'now()'), price(600))).toBeNull()
  })
})
