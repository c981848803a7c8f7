import { randomUUID } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { unique } from '../support/factories.ts'
import { attempt, check, q, uniqueness } from './attempt.ts'
import { member, plan } from './rows.ts'

describe('what is sold', () => {
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
    ['no free days', () => trial(0), null],
    ['two years of free days', () => trial(730), null],
    ['free days for longer', () => trial(731), 'plan_trial_has_length'],
    ['less than no free days', () => trial(-1), 'plan_trial_has_length'],
    ['a price of nothing', () => price(0), null],
    ['a price below nothing', () => price(-1), 'billing_price_is_money'],
    ['a price in small letters', () => price(500, 'eur'), 'billing_price_is_money'],
    ['a price in two letters', () => price(500, 'EU'), 'billing_price_is_money'],
    ['the shortest code', () => promotion({ ...half, code: 'A1B' }), null],
    ['the longest code', () => promotion({ ...half, code: 'A'.repeat(40) }), null],
    ['a code of two', () => promotion({ ...half, code: 'AB' }), 'promotion_code_form'],
    ['a code too long', () => promotion({ ...half, code: 'A'.repeat(41) }), 'promotion_code_form'],
    ['a code in small letters', () => promotion({ ...half, code: 'spring' }), 'promotion_code_form'],
    ['a code of two words', () => promotion({ ...half, code: 'IN SPRING' }), 'promotion_code_form'],
    ['a code and a new line', () => promotion({ ...half, code: 'SPRING\n' }), 'promotion_code_form'],
    ['all of it off', () => promotion({ percent: '100' }), null],
    ['a cent off', () => promotion({ amount: '1', currency: eur }), null],
    ['nothing said to be off', () => promotion({}), 'promotion_is_percent_or_amount'],
    ['both off', () => promotion({ ...half, amount: '100', currency: eur }), 'promotion_is_percent_or_amount'],
    ['percent of a currency', () => promotion({ ...half, currency: eur }), 'promotion_is_percent_or_amount'],
    ['an amount of no currency', () => promotion({ amount: '100' }), 'promotion_is_percent_or_amount'],
    ['no percent off', () => promotion({ percent: '0' }), 'promotion_is_percent_or_amount'],
    ['more than all off', () => promotion({ percent: '101' }), 'promotion_is_percent_or_amount'],
    ['no cent off', () => promotion({ amount: '0', currency: eur }), 'promotion_is_percent_or_amount'],
    ['off for three months', () => promotion({ ...half, lasts: 'REPEATING', months: '3' }), null],
    ['off for ever', () => promotion({ ...half, lasts: 'FOREVER' }), null],
    ['off for months unsaid', () => promotion({ ...half, lasts: 'REPEATING' }), 'promotion_repeats_for_months'],
    ['off once for months', () => promotion({ ...half, months: '3' }), 'promotion_repeats_for_months'],
    [
      'off for ever for months',
      () => promotion({ ...half, lasts: 'FOREVER', months: '3' }),
      'promotion_repeats_for_months',
    ],
    ['a cancellation to make', () => task('CANCEL', 'NULL'), null],
    ['a price to go back to', () => task('CHANGE_PRICE', `'price_x'`), null],
    ['a cancellation with a price', () => task('CANCEL', `'price_x'`), 'billing_task_names_its_price'],
    ['an undone change with a price', () => task('CANCEL_AT_PERIOD_END', `'price_x'`), 'billing_task_names_its_price'],
    ['no price to go back to', () => task('CHANGE_PRICE', 'NULL'), 'billing_task_names_its_price'],
    ['a job that comes round', () => round(60), null],
    ['a job that comes round without end', () => round(0), 'job_schedule_comes_round'],
    ['an event as bytes', () => bytes(), null],
    ['an event as bytes that is ignored', () => bytes({ outcome: 'IGNORED' }), null],
    ['an event as bytes that counts', () => bytes({ outcome: 'APPLIED' }), 'billing_event_body_waits'],
    ['an event as bytes of a customer', () => bytes({ customer: `'cus_x'` }), 'billing_event_body_waits'],
    ['an event as bytes and as an object', () => bytes({ payload: '{"a": 1}' }), 'billing_event_body_waits'],
    ['a gift', () => gift('NULL', nothing, nothing), null],
    ['a gift redeemed', () => gift('now()', somebody, theirs), null],
    ['a gift redeemed by nobody', () => gift('now()', nothing, theirs), 'gift_redeemed_by_somebody'],
    ['a gift redeemed for nothing', () => gift('now()', somebody, nothing), 'gift_redeemed_by_somebody'],
    ['a gift of somebody at no time', () => gift('NULL', somebody, nothing), 'gift_redeemed_by_somebody'],
    ['a gift held at no time', () => gift('NULL', nothing, theirs), 'gift_redeemed_by_somebody'],
  ])('%s', async (_name, statement, constraint) => {
    expect(await attempt(statement())).toEqual(constraint && { code: check, message: constraint })
  })

  test('has one price at a time', async () => {
    const taken = { code: uniqueness, message: 'billing_price_on_sale' }
    expect(await attempt(price(500), price(600))).toEqual(taken)
    expect(await attempt(price(500, 'EUR', 'now()'), price(600))).toBeNull()
  })
})
