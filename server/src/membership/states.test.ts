import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { at, holds, hour, now } from '../../test/support/holdings.ts'
import type { MembershipSource, MembershipStatus } from '../schema-types.ts'
import { stateOf } from './entitlement.ts'
import { countingMembership, heldStatuses, lockReasons, mayBecome, statuses, transitions } from './states.ts'

const everyStatus = ['INCOMPLETE', 'TRIALING', 'ACTIVE', 'PAST_DUE', 'UNPAID', 'PAUSED', 'ENDED'] as const
const began = { startedAt: at(-24 * hour) }

describe('access by status', () => {
  test('every status has a row', () => {
    expect(Object.keys(statuses)).toEqual([...everyStatus])
  })

  // The state 1 ms before, at, and 1 ms after each end.
  const period = { currentPeriodEnd: now, graceEndsAt: null }
  const grace = { currentPeriodEnd: at(-hour), graceEndsAt: now }
  const end = { currentPeriodEnd: at(hour), graceEndsAt: null, endedAt: now }
  const beginning = { startedAt: now, currentPeriodEnd: at(hour), graceEndsAt: at(2 * hour) }
  test.each([
    // status        its end        before     at         after
    ['INCOMPLETE', period, 'nothing', 'nothing', 'nothing'],
    ['INCOMPLETE', grace, 'nothing', 'nothing', 'nothing'],
    ['INCOMPLETE', beginning, 'nothing', 'nothing', 'nothing'],
    ['TRIALING', period, 'live', 'over', 'over'],
    ['TRIALING', grace, 'live', 'over', 'over'],
    ['TRIALING', beginning, 'nothing', 'live', 'live'],
    ['ACTIVE', period, 'live', 'over', 'over'],
    ['ACTIVE', grace, 'live', 'over', 'over'],
    ['ACTIVE', beginning, 'nothing', 'live', 'live'],
    ['PAST_DUE', period, 'unpaid', 'unpaid', 'unpaid'],
    ['PAST_DUE', grace, 'live', 'unpaid', 'unpaid'],
    ['PAST_DUE', beginning, 'nothing', 'live', 'live'],
    ['UNPAID', period, 'unpaid', 'unpaid', 'unpaid'],
    ['UNPAID', grace, 'unpaid', 'unpaid', 'unpaid'],
    ['UNPAID', beginning, 'nothing', 'unpaid', 'unpaid'],
    ['PAUSED', period, 'over', 'over', 'over'],
    ['PAUSED', grace, 'over', 'over', 'over'],
    ['PAUSED', beginning, 'nothing', 'over', 'over'],
    ['ENDED', period, 'over', 'over', 'over'],
    ['ENDED', grace, 'over', 'over', 'over'],
    ['ENDED', end, 'over', 'over', 'over'],
    ['ENDED', { ...beginning, endedAt: at(5) }, 'nothing', 'over', 'over'],
  ] as const)('%s %j: %s, %s, %s', (status, ends, ...expected) => {
    const held = holds('patron', { ...began, status, ...ends })
    expect([-1, 0, 1].map((moment) => stateOf(held, at(moment)).kind)).toEqual(expected)
  })

  test.each([
    ['ACTIVE', { currentPeriodEnd: at(5), graceEndsAt: null }, at(5)],
    ['ACTIVE', { currentPeriodEnd: at(5), graceEndsAt: at(9) }, at(9)],
    ['ACTIVE', { currentPeriodEnd: null }, null],
    ['TRIALING', { currentPeriodEnd: at(5), graceEndsAt: at(9) }, at(9)],
    ['PAST_DUE', { currentPeriodEnd: at(5), graceEndsAt: at(9) }, at(9)],
  ])('%s %j is live until its latest end', (status, ends, until) => {
    expect(stateOf(holds('patron', { ...began, status, ...ends }), now)).toEqual({ kind: 'live', until })
  })

  test('an overdue payment has precedence over other reasons', () => {
    expect(Object.entries(lockReasons)).toEqual([
      ['unpaid', 'PAYMENT_PAST_DUE'],
      ['over', 'PLAN_EXPIRED'],
      ['nothing', 'PLAN_REQUIRED'],
    ])
  })
})

describe('transitions', () => {
  test.each(transitions)('$from may become $to: $what', ({ from, to, sources }) => {
    for (const source of sources) expect(mayBecome(from, to, source)).toBe(true)
  })

  test('are unique', () => {
    expect(new Set(transitions.map(({ from, to }) => `${from} ${to}`)).size).toBe(transitions.length)
  })

  // The statuses that can be reached by one or several transitions.
  const allButFirst = everyStatus.filter((status) => status !== 'INCOMPLETE')
  test.each([
    // source          from          may become
    ['PAYMENT', null, everyStatus],
    ['PAYMENT', 'INCOMPLETE', everyStatus],
    ['PAYMENT', 'TRIALING', allButFirst],
    ['PAYMENT', 'ACTIVE', allButFirst],
    ['PAYMENT', 'PAST_DUE', allButFirst],
    ['PAYMENT', 'UNPAID', allButFirst],
    ['PAYMENT', 'PAUSED', allButFirst],
    ['PAYMENT', 'ENDED', allButFirst],
    ['GIFT', null, ['ACTIVE', 'ENDED']],
    ['GIFT', 'ACTIVE', ['ACTIVE', 'ENDED']],
    ['GIFT', 'ENDED', ['ENDED']],
    ['COMPLIMENTARY', null, ['ACTIVE', 'ENDED']],
    ['COMPLIMENTARY', 'ACTIVE', ['ACTIVE', 'ENDED']],
    ['COMPLIMENTARY', 'ENDED', ['ENDED']],
  ] as [MembershipSource, MembershipStatus | null, readonly MembershipStatus[]][])(
    '%s, %s may become %j',
    (source, from, expected) => {
      expect(everyStatus.filter((to) => mayBecome(from, to, source))).toEqual([...expected])
    },
  )

  test('do not lead to an unknown status', () => {
    for (const from of [null, ...everyStatus]) {
      expect(mayBecome(from, 'INCOMPLETE_EXPIRED' as MembershipStatus, 'PAYMENT')).toBe(false)
    }
  })
})

describe('held statuses', () => {
  test('are those of the index membership_one_paid', () => {
    const rules = readFileSync(new URL('../../test/constraints/database-rules.txt', import.meta.url), 'utf8')
    const index = rules.split('\n').find((rule) => rule.includes('membership_one_paid')) ?? ''
    expect([...index.matchAll(/'([A-Z_]+)'::membership_status/g)].map(([, status]) => status)).toEqual(heldStatuses)
  })

  test.each([
    [['ENDED', 'ACTIVE'], 'ACTIVE'],
    [['INCOMPLETE', 'PAUSED'], 'PAUSED'],
    [['ENDED', 'INCOMPLETE'], 'INCOMPLETE'],
    [['ENDED'], undefined],
    [[], undefined],
  ] as const)('of %j counts %s', (paid, expected) => {
    expect(countingMembership(paid.map((status) => ({ status })))?.status).toBe(expected)
  })
})
