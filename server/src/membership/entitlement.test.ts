import { describe, expect, test } from '@jest/globals'
import { requirementFor, at, holds, hour, now, readers } from '../../test/support/holdings.ts'
import { decideAccess, endOf } from './entitlement.ts'
import type { MembershipRow } from './types.ts'

const everything = ['PUBLIC', 'MEMBERS', 'PAID', 'supporter', 'patron', 'supporter or audio', 'PLANS of none']
const opening = new Set(['PUBLIC', 'SIGNED_IN', 'PLAN', 'STAFF'])

function outcome(what: string, reader: keyof typeof readers, holdings: MembershipRow[] = []) {
  const access = decideAccess(requirementFor(what), readers[reader], holdings, now)
  expect(access.granted).toBe(opening.has(access.reason))
  return access.reason
}

describe('readers without a membership', () => {
  test.each([
    // article     reader                           outcome
    ['PUBLIC', 'anonymous', 'PUBLIC'],
    ['MEMBERS', 'anonymous', 'SIGN_IN_REQUIRED'],
    ['PAID', 'anonymous', 'SIGN_IN_REQUIRED'],
    ['supporter', 'anonymous', 'SIGN_IN_REQUIRED'],
    ['patron', 'anonymous', 'SIGN_IN_REQUIRED'],
    ['supporter or audio', 'anonymous', 'SIGN_IN_REQUIRED'],
    ['PLANS of none', 'anonymous', 'SIGN_IN_REQUIRED'],
    ['PUBLIC', 'member', 'PUBLIC'],
    ['MEMBERS', 'member', 'SIGNED_IN'],
    ['PAID', 'member', 'PLAN_REQUIRED'],
    ['supporter', 'member', 'PLAN_REQUIRED'],
    ['patron', 'member', 'PLAN_REQUIRED'],
    ['supporter or audio', 'member', 'PLAN_REQUIRED'],
    ['PLANS of none', 'member', 'PLAN_REQUIRED'],
    ['MEMBERS', 'member with other permissions', 'SIGNED_IN'],
    ['PAID', 'member with other permissions', 'PLAN_REQUIRED'],
    ['supporter', 'member with other permissions', 'PLAN_REQUIRED'],
    ['PUBLIC', 'program', 'PUBLIC'],
    ['MEMBERS', 'program', 'SIGNED_IN'],
    ['PAID', 'program', 'PLAN_REQUIRED'],
    ['supporter', 'program', 'PLAN_REQUIRED'],
    ['PUBLIC', 'staff', 'PUBLIC'],
    ['MEMBERS', 'staff', 'STAFF'],
    ['PAID', 'staff', 'STAFF'],
    ['supporter', 'staff', 'STAFF'],
    ['patron', 'staff', 'STAFF'],
    ['PLANS of none', 'staff', 'STAFF'],
    ['PAID', 'staff program', 'STAFF'],
    ['PUBLIC', 'disabled', 'PUBLIC'],
    ['MEMBERS', 'disabled', 'ACCOUNT_DISABLED'],
    ['PAID', 'disabled', 'ACCOUNT_DISABLED'],
    ['supporter', 'disabled', 'ACCOUNT_DISABLED'],
    ['PUBLIC', 'disabled staff', 'PUBLIC'],
    ['MEMBERS', 'disabled staff', 'ACCOUNT_DISABLED'],
    ['PAID', 'disabled staff', 'ACCOUNT_DISABLED'],
    ['supporter', 'disabled staff', 'ACCOUNT_DISABLED'],
  ] as const)('%s, %s: %s', (what, reader, expected) => {
    expect(outcome(what, reader)).toBe(expected)
  })
})

describe('the plan of a membership', () => {
  test.each([
    // article     held       outcome
    ['PAID', 'supporter', 'PLAN'],
    ['PAID', 'patron', 'PLAN'],
    ['PAID', 'audio', 'PLAN'],
    ['PAID', 'founder', 'PLAN'],
    ['supporter', 'supporter', 'PLAN'],
    ['supporter', 'patron', 'PLAN'],
    ['supporter', 'founder', 'PLAN'],
    ['supporter', 'audio', 'PLAN_REQUIRED'],
    ['patron', 'supporter', 'PLAN_REQUIRED'],
    ['patron', 'patron', 'PLAN'],
    ['patron', 'founder', 'PLAN'],
    ['patron', 'audio', 'PLAN_REQUIRED'],
    ['founder', 'patron', 'PLAN_REQUIRED'],
    ['founder', 'founder', 'PLAN'],
    ['supporter or audio', 'supporter', 'PLAN'],
    ['supporter or audio', 'patron', 'PLAN'],
    ['supporter or audio', 'audio', 'PLAN'],
    ['PLANS of none', 'patron', 'PLAN_REQUIRED'],
    ['a plan that is gone', 'patron', 'PLAN_REQUIRED'],
    ['PAID', 'a plan that is gone', 'PLAN_REQUIRED'],
  ])('%s, holding %s: %s', (what, held, expected) => {
    expect(outcome(what, 'member', [holds(held)])).toBe(expected)
    expect(outcome(what, 'program', [holds(held)])).toBe(expected)
  })

  test.each(everything.slice(1))('%s is locked for disabled members and open for staff', (what) => {
    const held = [holds('supporter'), holds('patron', { status: 'PAST_DUE' }), holds('audio')]
    expect(outcome(what, 'disabled', held)).toBe('ACCOUNT_DISABLED')
    expect(outcome(what, 'disabled staff', held)).toBe('ACCOUNT_DISABLED')
    expect(outcome(what, 'anonymous', held)).toBe('SIGN_IN_REQUIRED')
    expect(outcome(what, 'staff', held)).toBe('STAFF')
  })

  test.each(['PUBLIC', 'MEMBERS'])('%s requires no plan', (what) => {
    const dead = [holds('patron', { status: 'ENDED', endedAt: at(-1) })]
    expect(outcome(what, 'member', dead)).toBe(what === 'PUBLIC' ? 'PUBLIC' : 'SIGNED_IN')
  })
})

describe('the state of a membership', () => {
  const grace = (milliseconds: number) => ({ graceEndsAt: at(milliseconds) })
  const ends = (milliseconds: number) => ({ currentPeriodEnd: at(milliseconds) })
  const begins = (milliseconds: number) => ({ startedAt: at(milliseconds) })
  const noEnd = { currentPeriodEnd: null }
  const ended = { endedAt: at(-hour) }

  test.each([
    // status            and                         outcome
    ['ACTIVE', {}, 'PLAN'],
    ['ACTIVE', noEnd, 'PLAN'],
    ['ACTIVE', { cancelAtPeriodEnd: true }, 'PLAN'],
    ['ACTIVE', ends(1), 'PLAN'],
    ['ACTIVE', ends(0), 'PLAN_EXPIRED'],
    ['ACTIVE', ends(-1), 'PLAN_EXPIRED'],
    // An unreported renewal has the same grace period as a failed one.
    ['ACTIVE', { ...ends(-1), ...grace(1) }, 'PLAN'],
    ['ACTIVE', { ...ends(-2), ...grace(0) }, 'PLAN_EXPIRED'],
    ['ACTIVE', { ...ends(-2), ...grace(-1) }, 'PLAN_EXPIRED'],
    ['ACTIVE', { ...ends(1), ...grace(hour) }, 'PLAN'],
    ['ACTIVE', begins(0), 'PLAN'],
    ['ACTIVE', begins(1), 'PLAN_REQUIRED'],
    ['ACTIVE', { ...begins(1), ...noEnd }, 'PLAN_REQUIRED'],
    ['TRIALING', {}, 'PLAN'],
    ['TRIALING', ends(1), 'PLAN'],
    ['TRIALING', ends(0), 'PLAN_EXPIRED'],
    ['TRIALING', ends(-1), 'PLAN_EXPIRED'],
    ['TRIALING', { ...ends(-1), ...grace(1) }, 'PLAN'],
    ['TRIALING', { ...ends(-1), ...grace(0) }, 'PLAN_EXPIRED'],
    ['TRIALING', begins(1), 'PLAN_REQUIRED'],
    ['PAST_DUE', grace(1), 'PLAN'],
    ['PAST_DUE', grace(0), 'PAYMENT_PAST_DUE'],
    ['PAST_DUE', grace(-1), 'PAYMENT_PAST_DUE'],
    ['PAST_DUE', {}, 'PAYMENT_PAST_DUE'],
    ['PAST_DUE', noEnd, 'PAYMENT_PAST_DUE'],
    ['PAST_DUE', { ...ends(-hour), ...grace(1) }, 'PLAN'],
    ['PAST_DUE', { ...ends(hour), ...grace(-1) }, 'PAYMENT_PAST_DUE'],
    ['PAST_DUE', { ...begins(1), ...grace(hour) }, 'PLAN_REQUIRED'],
    ['UNPAID', {}, 'PAYMENT_PAST_DUE'],
    ['UNPAID', noEnd, 'PAYMENT_PAST_DUE'],
    ['UNPAID', grace(hour), 'PAYMENT_PAST_DUE'],
    ['PAUSED', {}, 'PLAN_EXPIRED'],
    ['PAUSED', noEnd, 'PLAN_EXPIRED'],
    ['INCOMPLETE', {}, 'PLAN_REQUIRED'],
    ['INCOMPLETE', noEnd, 'PLAN_REQUIRED'],
    ['ENDED', ended, 'PLAN_EXPIRED'],
    ['ENDED', { ...ended, ...noEnd }, 'PLAN_EXPIRED'],
    ['ENDED', { endedAt: at(hour) }, 'PLAN_EXPIRED'],
    // A membership that ended no later than it started counts as none.
    ['ENDED', { ...begins(-hour), endedAt: at(-hour) }, 'PLAN_REQUIRED'],
    ['ENDED', { ...begins(-hour), endedAt: at(-hour - 1) }, 'PLAN_REQUIRED'],
    ['ENDED', { ...begins(-hour), endedAt: at(-hour + 1) }, 'PLAN_EXPIRED'],
    ['ENDED', { ...ended, ...grace(hour), ...ends(hour) }, 'PLAN_EXPIRED'],
    ['INCOMPLETE_EXPIRED', {}, 'PLAN_REQUIRED'],
    ['active', {}, 'PLAN_REQUIRED'],
    ['', noEnd, 'PLAN_REQUIRED'],
    // An invalid date gives no access.
    ['ACTIVE', { startedAt: new Date(NaN) }, 'PLAN_REQUIRED'],
    ['ACTIVE', { currentPeriodEnd: new Date(NaN) }, 'PLAN_EXPIRED'],
    ['ACTIVE', { graceEndsAt: new Date(NaN) }, 'PLAN_EXPIRED'],
    ['ACTIVE', { graceEndsAt: undefined, currentPeriodEnd: null }, 'PLAN_EXPIRED'],
    ['toString', noEnd, 'PLAN_REQUIRED'],
    ['__proto__', noEnd, 'PLAN_REQUIRED'],
    ['PAST_DUE', { graceEndsAt: new Date(NaN) }, 'PAYMENT_PAST_DUE'],
  ])('D02 %s %j: %s', (status, fields, expected) => {
    const held = [holds('patron', { status, ...fields })]
    for (const what of ['PAID', 'supporter', 'patron', 'supporter or audio']) {
      expect(outcome(what, 'member', held)).toBe(expected)
      expect(outcome(what, 'program', held)).toBe(expected)
    }
    expect(outcome('audio', 'member', held)).toBe('PLAN_REQUIRED')
  })

  test.each([
    // held                                                                            outcome             until
    [[holds('supporter', { status: 'ENDED', ...ended }), holds('supporter')], 'PLAN', at(hour)],
    [[holds('supporter', { status: 'UNPAID' }), holds('patron')], 'PLAN', at(hour)],
    [[holds('supporter', { status: 'PAST_DUE', ...grace(-1) }), holds('supporter', ended)], 'PLAN', at(hour)],
    [[holds('supporter', { status: 'PAST_DUE', ...grace(5) }), holds('patron', ends(-1))], 'PLAN', at(5)],
    [[holds('supporter', { status: 'PAST_DUE', ...grace(5) }), holds('patron', ends(9))], 'PLAN', at(9)],
    [[holds('supporter', ends(5)), holds('patron', ends(9))], 'PLAN', at(9)],
    [[holds('supporter', ends(9)), holds('patron', ends(5))], 'PLAN', at(9)],
    [[holds('supporter', ends(9)), holds('audio', ends(20))], 'PLAN', at(9)],
    [[holds('supporter', noEnd), holds('patron', ends(9))], 'PLAN', null],
    // A membership that starts by the end of another extends the access. One that starts later does not.
    [[holds('supporter', ends(5)), holds('supporter', { ...begins(5), ...ends(9) })], 'PLAN', at(9)],
    [[holds('supporter', ends(5)), holds('supporter', { ...begins(6), ...ends(9) })], 'PLAN', at(5)],
    [[holds('supporter', ends(5)), holds('patron', { ...begins(3), ...noEnd })], 'PLAN', null],
    // The end of access includes the grace period.
    [[holds('supporter', { ...ends(5), ...grace(9) })], 'PLAN', at(9)],
    [[holds('supporter', { ...ends(5), ...grace(9) }), holds('patron', ends(7))], 'PLAN', at(9)],
    [
      [holds('supporter', { status: 'PAST_DUE' }), holds('supporter', { status: 'ENDED', ...ended })],
      'PAYMENT_PAST_DUE',
      null,
    ],
    [[holds('supporter', { status: 'PAUSED' }), holds('patron', { status: 'UNPAID' })], 'PAYMENT_PAST_DUE', null],
    [[holds('audio', { status: 'UNPAID' }), holds('patron', ends(-1))], 'PLAN_EXPIRED', null],
    [[holds('audio'), holds('patron', ends(-1))], 'PLAN_EXPIRED', null],
    [[holds('patron', { status: 'INCOMPLETE' }), holds('patron', ends(-1))], 'PLAN_EXPIRED', null],
    [[holds('patron', { status: 'INCOMPLETE' }), holds('patron', begins(1))], 'PLAN_REQUIRED', null],
    [[holds('audio'), holds('audio', { status: 'UNPAID' })], 'PLAN_REQUIRED', null],
  ] as const)('several memberships, case %#: %j', (held, reason, until) => {
    const access = decideAccess(requirementFor('supporter'), readers.member, held, now)
    expect(access).toEqual({
      granted: reason === 'PLAN',
      reason,
      until,
      requiredPlans: requirementFor('supporter').requiredPlans,
    })
  })
})

test.each(['PUBLIC', 'MEMBERS', 'PAID'])('%s: access without a plan has no end', (what) => {
  expect(decideAccess(requirementFor(what), readers.staff, [holds('patron')], now).until).toBeNull()
})

test.each([
  ['PUBLIC', []],
  ['MEMBERS', []],
  ['PAID', ['supporter', 'audio', 'patron']],
  ['supporter', ['supporter', 'patron']],
  ['patron', ['patron']],
  ['supporter or audio', ['supporter', 'audio', 'patron']],
  ['founder', []],
  ['PLANS of none', []],
])('%s is opened by %j for every reader', (what, expected) => {
  for (const reader of Object.values(readers)) {
    for (const held of [[], [holds('patron')], [holds('patron', { status: 'ENDED' })]]) {
      const { requiredPlans } = decideAccess(requirementFor(what), reader, held, now)
      expect(requiredPlans.map(({ slug }) => slug)).toEqual(expected)
    }
  }
})

describe('the end of a membership', () => {
  const periodEnd = (milliseconds: number) => ({ currentPeriodEnd: at(milliseconds) })
  const endedAt = (milliseconds: number) => ({ endedAt: at(milliseconds) })
  test.each([
    // A paid membership ends by an event only.
    [{ source: 'PAYMENT', ...periodEnd(-hour) }, null],
    [{ source: 'PAYMENT', ...periodEnd(-hour), ...endedAt(-2 * hour) }, at(-2 * hour)],
    [{ source: 'PAYMENT', ...periodEnd(-hour), ...endedAt(-1) }, at(-1)],
    [{ currentPeriodEnd: null }, null],
    [{ currentPeriodEnd: null, ...endedAt(-1) }, at(-1)],
    // Other memberships end with their period.
    [periodEnd(1), null],
    [periodEnd(0), at(0)],
    [periodEnd(-hour), at(-hour)],
    // A revocation ends it earlier. A later `endedAt` does not move the end.
    [{ ...periodEnd(hour), ...endedAt(-1) }, at(-1)],
    [{ ...periodEnd(-hour), ...endedAt(-2 * hour) }, at(-2 * hour)],
    [{ ...periodEnd(-hour), ...endedAt(-1) }, at(-hour)],
  ])('%j', (fields, end) => {
    expect(endOf(holds('supporter', fields), now)).toEqual(end)
  })
})
