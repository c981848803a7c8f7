import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { makeMember } from '../support/factories.ts'
import { attempt, check, q, restrict, uniqueness } from './attempt.ts'
import { db, issuer, member, other, plan } from './rows.ts'

describe('a membership', () => {
  interface Row {
    readonly status?: string
    readonly source?: string
    readonly started?: string
    readonly end?: string | null
    readonly grace?: string | null
    readonly ended?: string | null
    readonly cancelled?: boolean
    readonly planId?: string
  }
  let someone = ''
  beforeAll(async () => {
    someone = (await makeMember(db, { issuer })).id
  })
  const make = ({ status = 'ACTIVE', source = 'GIFT', started = '2026-01-01', end = '2027-01-01', ...row }: Row = {}) =>
    `INSERT INTO membership (id, member_id, plan_id, status, source, started_at, current_period_end, grace_ends_at, ended_at,
       cancel_at_period_end, changed_at, change_cause)
     VALUES (${q(randomUUID())}, ${q(someone)}, ${q(row.planId ?? plan)}, '${status}', '${source}', '${started}', ${q(end)},
       ${q(row.grace ?? null)}, ${q(row.ended ?? null)}, ${row.cancelled ?? false}, now(), 'test')`
  const endless = 'membership_without_end_is_complimentary'
  const forward = 'membership_period_runs_forward'
  const grace = 'membership_grace_is_for_payments'

  test.each<[string, Row, string | null]>([
    ['active', {}, null],
    ['past due within grace', { status: 'PAST_DUE', grace: '2027-01-09' }, null],
    ['past due without grace', { status: 'PAST_DUE' }, null],
    ['ended', { status: 'ENDED', ended: '2026-06-01' }, null],
    ['complimentary without an end', { source: 'COMPLIMENTARY', end: null }, null],
    ['incomplete without an end', { status: 'INCOMPLETE', source: 'PAYMENT', end: null }, null],
    ['paid without an end', { source: 'PAYMENT', end: null }, endless],
    ['a gift without an end', { end: null }, endless],
    ['a trial without an end', { source: 'PAYMENT', status: 'TRIALING', end: null }, endless],
    ['an end before the start', { end: '2025-12-31' }, forward],
    ['an end at the start', { end: '2026-01-01' }, forward],
    ['ended without a time', { status: 'ENDED' }, 'membership_ended_has_end'],
    ['active with an end time', { ended: '2026-06-01' }, 'membership_ended_has_end'],
    ['paid, with a grace period', { source: 'PAYMENT', grace: '2027-01-09' }, null],
    ['paid, with a grace period of no length', { source: 'PAYMENT', grace: '2027-01-01' }, null],
    ['a trial with a grace period', { source: 'PAYMENT', status: 'TRIALING', grace: '2027-01-09' }, null],
    ['a gift with a grace period', { grace: '2027-01-09' }, grace],
    ['complimentary with a grace period', { source: 'COMPLIMENTARY', grace: '2027-01-09' }, grace],
    ['a grace period that ends before the period', { source: 'PAYMENT', grace: '2026-12-31' }, grace],
    ['cancelled with a grace period', { source: 'PAYMENT', grace: '2027-01-09', cancelled: true }, grace],
    [
      'a cancelled trial with a grace period',
      { source: 'PAYMENT', status: 'TRIALING', grace: '2027-01-09', cancelled: true },
      grace,
    ],
    ['unpaid with a grace period', { source: 'PAYMENT', status: 'UNPAID', grace: '2027-01-09' }, grace],
    ['paused with a grace period', { source: 'PAYMENT', status: 'PAUSED', grace: '2027-01-09' }, grace],
    ['incomplete with a grace period', { source: 'PAYMENT', status: 'INCOMPLETE', grace: '2027-01-09' }, grace],
    [
      'ended with a grace period',
      { source: 'PAYMENT', status: 'ENDED', ended: '2026-06-01', grace: '2027-01-09' },
      grace,
    ],
  ])('%s', async (_name, row, constraint) => {
    expect(await attempt(make(row))).toEqual(constraint && { code: check, message: constraint })
  })

  test.each(['TRIALING', 'ACTIVE', 'PAST_DUE', 'UNPAID', 'PAUSED'])(
    'refuses a second paid membership while one is %s',
    async (status) => {
      const paid = make({ source: 'PAYMENT' })
      const again = make({ source: 'PAYMENT', status, planId: other })
      expect(await attempt(paid, again)).toEqual({ code: uniqueness, message: 'membership_one_paid' })
      expect(await attempt(paid, make({ planId: other }))).toBeNull()
    },
  )

  test.each([
    ['ENDED', '2026-06-01'],
    ['INCOMPLETE', null],
  ])('accepts a new paid membership after %s', async (status, ended) => {
    expect(await attempt(make({ source: 'PAYMENT', status, ended }), make({ source: 'PAYMENT' }))).toBeNull()
  })

  test('refuses a second complimentary membership of a plan', async () => {
    const given = make({ source: 'COMPLIMENTARY' })
    const again = make({ source: 'COMPLIMENTARY', status: 'PAUSED' })
    expect(await attempt(given, again)).toEqual({ code: uniqueness, message: 'membership_one_complimentary' })
    expect(await attempt(given, make({ source: 'COMPLIMENTARY', planId: other }))).toBeNull()
  })

  test('cannot be deleted or transferred', async () => {
    const kept = { code: restrict, message: 'a membership keeps its member and its source' }
    const change = (what: string) => attempt(`UPDATE membership SET ${what} WHERE member_id = ${q(member)}`)
    expect(await attempt(`DELETE FROM membership WHERE member_id = ${q(member)}`)).toEqual({
      code: restrict,
      message: 'a membership ends, it is never deleted',
    })
    expect(await change(`member_id = ${q(someone)}`)).toEqual(kept)
    expect(await change(`source = 'PAYMENT'`)).toEqual(kept)
    expect(await change(`id = ${q(randomUUID())}`)).toEqual(kept)
    expect(await change(`status = 'PAUSED'`)).toBeNull()
  })

  test('cannot be removed by TRUNCATE', async () => {
    // With the referring tables. Otherwise a foreign key refuses before the trigger runs.
    expect(await attempt('TRUNCATE membership, billing_subscription, gift')).toEqual({
      code: restrict,
      message: 'a membership ends, it is never deleted',
    })
  })
})
