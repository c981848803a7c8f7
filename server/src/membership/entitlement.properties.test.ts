import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { requirementFor, at, holds, now, readers } from '../../test/support/holdings.ts'
import { decideAccess } from './entitlement.ts'
import type { MembershipRow } from './types.ts'

// Times are close together, so that starts, ends and the instant of the decision coincide often.
const time = fc.integer({ min: -4, max: 4 }).map(at)
const end = fc.option(time, { nil: null })
const status = fc.oneof(
  fc.constantFrom('TRIALING', 'ACTIVE', 'PAST_DUE'),
  fc.constantFrom('UNPAID', 'PAUSED', 'INCOMPLETE', 'ENDED', 'NEW'),
)
const plan = fc.constantFrom('supporter', 'patron', 'founder', 'audio', 'gone')
const holding = fc
  .record({ status, startedAt: time, currentPeriodEnd: end, graceEndsAt: end, endedAt: end, planId: plan })
  .map(({ planId, ...fields }) => holds(planId, fields))
const holdings = fc.array(holding, { maxLength: 5 })
const anyReader = fc.oneof(fc.constant(readers.member), fc.constantFrom(...Object.values(readers)))
const article = fc.constantFrom(
  'PUBLIC',
  'MEMBERS',
  'PAID',
  'supporter',
  'patron',
  'supporter or audio',
  'PLANS of none',
)

/** A second implementation of the rule. */
function opensNow(held: MembershipRow): boolean {
  const until = new Map<string, Date | null>([
    ['ACTIVE', held.graceEndsAt ?? held.currentPeriodEnd ?? at(1_000_000)],
    ['TRIALING', held.graceEndsAt ?? held.currentPeriodEnd ?? at(1_000_000)],
    ['PAST_DUE', held.graceEndsAt],
  ]).get(held.status)
  return held.startedAt.getTime() <= now.getTime() && until != null && until.getTime() > now.getTime()
}

test('the order of holdings has no effect', () => {
  const shuffled = holdings.chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length })),
  )
  fc.assert(
    fc.property(article, anyReader, shuffled, (what, reader, [list, mixed]) => {
      expect(decideAccess(requirementFor(what), reader, mixed, now)).toEqual(
        decideAccess(requirementFor(what), reader, list, now),
      )
    }),
  )
})

test('paid text opens only for staff and current holders', () => {
  const paid = fc.constantFrom('PAID', 'supporter', 'patron', 'supporter or audio', 'PLANS of none')
  fc.assert(
    fc.property(paid, anyReader, holdings, (what, reader, list) => {
      const requirement = requirementFor(what)
      const holder = list.some((held) => requirement.openedBy.has(held.planId) && opensNow(held))
      const entitled =
        reader.kind === 'member' && !reader.disabled && (reader.permissions.has('write:articles') || holder)
      expect(decideAccess(requirement, reader, list, now).granted).toBe(entitled)
    }),
    { numRuns: 500 },
  )
})

test('never throws', () => {
  const anyTime = fc.oneof(fc.date({ noInvalidDate: false }), fc.constant(null))
  const odd = fc.record({
    id: fc.string(),
    planId: fc.oneof(plan, fc.string()),
    status: fc.oneof(status, fc.string()),
    source: fc.string(),
    startedAt: fc.date({ noInvalidDate: false }),
    currentPeriodEnd: anyTime,
    cancelAtPeriodEnd: fc.boolean(),
    graceEndsAt: anyTime,
    endedAt: anyTime,
  })
  fc.assert(
    fc.property(article, anyReader, fc.array(odd), fc.date({ noInvalidDate: false }), (what, reader, list, when) => {
      const access = decideAccess(requirementFor(what), reader, list as MembershipRow[], when)
      expect(typeof access.granted).toBe('boolean')
      expect(access.until === null || access.until > when).toBe(true)
    }),
  )
})

test('access ends exactly at `until`', () => {
  fc.assert(
    fc.property(article, anyReader, holdings, (what, reader, list) => {
      const decide = (when: Date) => decideAccess(requirementFor(what), reader, list, when)
      const { granted, until } = decide(now)
      if (!granted) return expect(until).toBeNull()
      if (until === null) return expect(decide(at(1_000_000)).granted).toBe(true)
      expect(decide(until).granted).toBe(false)
      for (let when = now.getTime(); when < until.getTime(); when += 1)
        expect(decide(new Date(when)).granted).toBe(true)
    }),
    { numRuns: 1000 },
  )
})

test('requiredPlans does not depend on the reader', () => {
  fc.assert(
    fc.property(article, anyReader, holdings, (what, reader, list) => {
      const toAnonymous = decideAccess(requirementFor(what), readers.anonymous, [], now).requiredPlans
      expect(decideAccess(requirementFor(what), reader, list, now).requiredPlans).toEqual(toAnonymous)
    }),
  )
})
