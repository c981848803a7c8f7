import { expect, test } from '@jest/globals'
import { setDisabled } from '../src/members/index.ts'
import { grantMembership, revokeMembership } from '../src/membership/index.ts'
import { testDatabase } from './support/database.ts'
import { makeMember, makeMembership, makePlan } from './support/factories.ts'

// The database records every change of a member.

const db = await testDatabase()
const issuer = 'https://histories.example.test/'
const at = (minute: number) => new Date(Date.UTC(2026, 10, 16, 12, minute))

test('records a member disabled and enabled', async () => {
  const { id } = await makeMember(db, { issuer })
  expect(await setDisabled(db, id, true, 'spam', at(1))).toBe(true)
  expect(await setDisabled(db, id, true, 'spam again', at(2))).toBe(false)
  expect(await setDisabled(db, id, false, 'a mistake', at(3))).toBe(true)
  expect(await setDisabled(db, id, false, 'a mistake again', at(4))).toBe(false)
  await db.member.update({ where: { id }, data: { name: 'New name' } })
  const select = { disabled: true, cause: true, at: true } as const
  const history = await db.memberStandingChange.findMany({ where: { memberId: id }, orderBy: { id: 'asc' }, select })
  expect(history).toEqual([
    { disabled: false, cause: 'test', at: expect.any(Date) },
    { disabled: true, cause: 'spam', at: at(1) },
    { disabled: false, cause: 'a mistake', at: at(3) },
  ])
})

test('records a plan granted, extended, revoked and granted again', async () => {
  const { id: memberId } = await makeMember(db, { issuer })
  const { slug: planSlug, id: planId } = await makePlan(db)
  await grantMembership(db, { memberId, planSlug, until: at(30) }, 'press', at(1))
  await grantMembership(db, { memberId, planSlug, until: null }, 'a friend', at(2))
  const { ended } = await revokeMembership(db, { memberId, planSlug }, 'no friend', at(3))
  expect(ended).toMatchObject([{ planId, status: 'ENDED', endedAt: at(3) }])
  expect(await revokeMembership(db, { memberId }, 'once more', at(4))).toEqual({ ended: [], stillPaid: [] })
  await grantMembership(db, { memberId, planSlug, until: at(40) }, 'peace', at(5))

  const history = await db.membershipChange.findMany({ where: { memberId }, orderBy: { id: 'asc' } })
  const changes = history.map(({ status, currentPeriodEnd, endedAt, cause, at: when }) => [
    status,
    currentPeriodEnd,
    endedAt,
    cause,
    when,
  ])
  expect(changes).toEqual([
    ['ACTIVE', at(30), null, 'press', at(1)],
    ['ACTIVE', null, null, 'a friend', at(2)],
    ['ENDED', null, at(3), 'no friend', at(3)],
    ['ACTIVE', at(40), null, 'peace', at(5)],
  ])
  expect(new Set(history.map((row) => row.planId))).toEqual(new Set([planId]))
  const [first, second, third, fourth] = history.map((row) => row.membershipId)
  expect([second, third]).toEqual([first, first])
  expect(fourth).not.toBe(first)
})

test('records a membership that is past due and given again', async () => {
  const { id: memberId } = await makeMember(db, { issuer })
  const { slug: planSlug, id: planId } = await makePlan(db)
  await makeMembership(db, memberId, planId, { source: 'COMPLIMENTARY', status: 'PAST_DUE', graceEndsAt: at(9) })
  await grantMembership(db, { memberId, planSlug, until: null }, 'peace', at(5))
  const [held] = await db.membership.findMany({ where: { memberId } })
  expect(held).toMatchObject({ status: 'ACTIVE', graceEndsAt: null, currentPeriodEnd: null })
})

test.each([
  ['an end in the past', at(-1), 'no-plan', 'The end of a membership must be in the future.'],
  ['an end now', at(0), 'no-plan', 'The end of a membership must be in the future.'],
  ['an unknown plan', at(1), 'no-plan', expect.stringMatching(/^There is no plan "no-plan"\. The plans are: /)],
])('records nothing for %s', async (_name, until, planSlug, message) => {
  const { id: memberId } = await makeMember(db, { issuer })
  await expect(grantMembership(db, { memberId, planSlug, until }, 'test', at(0))).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    message,
  })
  expect(await db.membershipChange.count({ where: { memberId } })).toBe(0)
})
