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
  // what is held                     in which way                                                             turns at
  ['nothing', [], null],
  ['one without an end', [{}], null],
  ['a period to come to its end', [{ currentPeriodEnd: at(5) }], 5],
  ['a period that ends now', [{ currentPeriodEnd: at(0) }], null],
  ['a period that ended', [{ currentPeriodEnd: at(-5) }], null],
  ['a period, and its grace', [{ currentPeriodEnd: at(5), graceEndsAt: at(9) }], 9],
  ['a grace that is running', [{ currentPeriodEnd: at(-5), graceEndsAt: at(9) }], 9],
  ['a failed payment within its grace', [{ status: 'PAST_DUE', currentPeriodEnd: at(-5), graceEndsAt: at(9) }], 9],
  ['a failed payment beyond', [{ status: 'PAST_DUE', currentPeriodEnd: at(5), graceEndsAt: at(-9) }], null],
  ['one that begins later', [{ startedAt: at(7), currentPeriodEnd: at(9) }], 7],
  ['one that has ended', [{ status: 'ENDED', endedAt: at(-1), currentPeriodEnd: at(9) }], null],
  ['one that is paused', [{ status: 'PAUSED', currentPeriodEnd: at(9) }], null],
  ['one that is unpaid', [{ status: 'UNPAID', currentPeriodEnd: at(9) }], null],
  ['several', [{ currentPeriodEnd: at(9) }, { currentPeriodEnd: at(4) }, { startedAt: at(6) }, {}], 4],
  ['a time that is none', [{ currentPeriodEnd: new Date(NaN) }, { currentPeriodEnd: at(4) }], 4],
])('%s', (_what, memberships, expected) => {
  expect(nextBoundaryAt(memberships.map(held), now)).toEqual(expected === null ? null : at(expected))
})

const statuses: MembershipStatus[] = ['TRIALING', 'ACTIVE', 'PAST_DUE', 'UNPAID', 'PAUSED', 'INCOMPLETE', 'ENDED']
const ends = [null, at(-2), at(0), at(1), at(2), at(5)]

test.each(statuses)('%s: nothing turns before its turn, and something does then', (status) => {
  for (const startedAt of [at(-3), at(1), at(4)]) {
    for (const currentPeriodEnd of ends) {
      for (const graceEndsAt of ends) {
        const one = held({ status, startedAt, currentPeriodEnd, graceEndsAt })
        const kinds = [0, 1, 2, 3, 4, 5, 6].map((milliseconds) => stateOf(one, at(milliseconds)).kind)
        const turn = kinds.findIndex((kind, index) => index > 0 && kind !== kinds[index - 1])
        expect(nextBoundaryAt([one], now)).toEqual(turn === -1 ? null : at(turn))
      }
    }
  }
})
