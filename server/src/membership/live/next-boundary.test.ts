import { expect, test } from '@jest/globals'
import type { MembershipStatus } from '../../schema-types.ts'
import { stateOf } from '../entitlement.ts'
import { nextBoundaryAt } from './next-boundary.ts'
import type { MembershipRow } from '../types.ts'

const now = new Date('2026-11-16T12:00:00Z')
const at = (milliseconds: number): Date => new Date(now.getTime() + milliseconds)
const held = (fields: Partial<MembershipRow>): MembershipRow => ({
  id: 'h',
  planId: 'p',
  status: 'ACTIVE',
  source: 'PAYMENT',
  startedAt: at(-1000),
  currentPeriodEnd: null,
  cancelAtPeriodEnd: false,
  graceEndsAt: null,
  endedAt: null,
  ...fields,
})

test.each<[string, Partial<MembershipRow>[], number | null]>([
  // title                           memberships                                                             boundary
  ['no membership', [], null],
  ['no end', [{}], null],
  ['a current period', [{ currentPeriodEnd: at(5) }], 5],
  ['a period that ends now', [{ currentPeriodEnd: at(0) }], null],
  ['a period that ended', [{ currentPeriodEnd: at(-5) }], null],
  ['a period with a grace period', [{ currentPeriodEnd: at(5), graceEndsAt: at(9) }], 9],
  ['a current grace period', [{ currentPeriodEnd: at(-5), graceEndsAt: at(9) }], 9],
  [
    'a failed payment within its grace period',
    [{ status: 'PAST_DUE', currentPeriodEnd: at(-5), graceEndsAt: at(9) }],
    9,
  ],
  [
    'a failed payment after its grace period',
    [{ status: 'PAST_DUE', currentPeriodEnd: at(5), graceEndsAt: at(-9) }],
    null,
  ],
  ['a future start', [{ startedAt: at(7), currentPeriodEnd: at(9) }], 7],
  ['an ended membership', [{ status: 'ENDED', endedAt: at(-1), currentPeriodEnd: at(9) }], null],
  ['a paused membership', [{ status: 'PAUSED', currentPeriodEnd: at(9) }], null],
  ['an unpaid membership', [{ status: 'UNPAID', currentPeriodEnd: at(9) }], null],
  ['several memberships', [{ currentPeriodEnd: at(9) }, { currentPeriodEnd: at(4) }, { startedAt: at(6) }, {}], 4],
  ['an invalid date', [{ currentPeriodEnd: new Date(NaN) }, { currentPeriodEnd: at(4) }], 4],
])('%s', (_what, memberships, expected) => {
  expect(nextBoundaryAt(memberships.map(held), now)).toEqual(expected === null ? null : at(expected))
})

const statuses: MembershipStatus[] = ['TRIALING', 'ACTIVE', 'PAST_DUE', 'UNPAID', 'PAUSED', 'INCOMPLETE', 'ENDED']
const ends = [null, at(-2), at(0), at(1), at(2), at(5)]

test.each(statuses)('%s: the boundary is the first change of state', (status) => {
  for (const startedAt of [at(-3), at(1), at(4)]) {
    for (const currentPeriodEnd of ends) {
      for (const graceEndsAt of ends) {
        const membership = held({ status, startedAt, currentPeriodEnd, graceEndsAt })
        const kinds = [0, 1, 2, 3, 4, 5, 6].map((milliseconds) => stateOf(membership, at(milliseconds)).kind)
        const change = kinds.findIndex((kind, index) => index > 0 && kind !== kinds[index - 1])
        expect(nextBoundaryAt([membership], now)).toEqual(change === -1 ? null : at(change))
      }
    }
  }
})
