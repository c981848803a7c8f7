import { randomUUID } from 'node:crypto'
import { expect, test } from '@jest/globals'
import { testDatabase } from '../../../test/support/database.ts'
import { makeMember, makeMembership, makePlan } from '../../../test/support/factories.ts'
import { savePaidMembership, voidGiftMembership } from './commands.ts'
import { ImpossibleChange, type PaidMembership } from './impossible-change.ts'

const db = await testDatabase()
const issuer = 'https://paid.example.test/'
const day = 86_400_000
const at = (days: number) => new Date(Date.UTC(2026, 10, 1) + days * day)

async function someone(fields: Partial<PaidMembership> = {}): Promise<PaidMembership> {
  const [{ id: memberId }, { id: planId }] = [await makeMember(db, { issuer }), await makePlan(db)]
  return {
    id: randomUUID(),
    memberId,
    planId,
    status: 'ACTIVE',
    startedAt: at(0),
    currentPeriodEnd: at(30),
    cancelAtPeriodEnd: false,
    graceEndsAt: at(37),
    endedAt: null,
    ...fields,
  }
}

const put = (paid: PaidMembership, cause = 'test', now = at(0)) =>
  db.$transaction((tx) => savePaidMembership(tx, paid, cause, now))
const historyOf = async ({ id }: { id: string }) =>
  (await db.membershipChange.findMany({ where: { membershipId: id }, orderBy: { id: 'asc' } })).map((change) => [
    change.status,
    change.cause,
    change.at,
  ])

test('writes only differences', async () => {
  const paid = await someone()
  expect(await put(paid, 'invoice.paid (evt_1)')).toBe(true)
  expect(await put({ ...paid, startedAt: new Date(paid.startedAt) }, 'invoice.paid (evt_1)', at(1))).toBe(false)
  const pastDue = { ...paid, status: 'PAST_DUE' } as const
  expect(await put(pastDue, 'invoice.payment_failed (evt_2)', at(30))).toBe(true)
  expect(await put(pastDue, 'billing:replay', at(31))).toBe(false)
  expect(await db.membership.findUnique({ where: { id: paid.id } })).toMatchObject({
    ...pastDue,
    source: 'PAYMENT',
    changedAt: at(30),
    changeCause: 'invoice.payment_failed (evt_2)',
  })
  expect(await historyOf(paid)).toEqual([
    ['ACTIVE', 'invoice.paid (evt_1)', at(0)],
    ['PAST_DUE', 'invoice.payment_failed (evt_2)', at(30)],
  ])
})

const otherPlan = await makePlan(db)
test.each([
  ['planId', otherPlan.id],
  ['startedAt', at(1)],
  ['currentPeriodEnd', at(31)],
  ['cancelAtPeriodEnd', true],
  ['graceEndsAt', at(38)],
])('writes a change of %s', async (field, value) => {
  const paid = await someone()
  await put(paid)
  expect(await put({ ...paid, [field]: value, ...(value === true && { graceEndsAt: null }) })).toBe(true)
  expect(await db.membership.findUnique({ where: { id: paid.id } })).toMatchObject({ [field]: value })
})

test('keeps the history in order', async () => {
  const paid = await someone()
  await put(paid, 'first', at(5))
  await put({ ...paid, status: 'PAST_DUE' }, 'second', at(3))
  expect(await historyOf(paid)).toEqual([
    ['ACTIVE', 'first', at(5)],
    ['PAST_DUE', 'second', at(5)],
  ])
})

test('accepts a new membership after one that ended', async () => {
  const paid = await someone()
  await put(paid)
  const next = { ...paid, id: randomUUID() }
  await put({ ...paid, status: 'ENDED', graceEndsAt: null, endedAt: at(2) })
  expect(await put(next)).toBe(true)
})

const ended = { status: 'ENDED', graceEndsAt: null, endedAt: at(3) } as const
const incomplete = { status: 'INCOMPLETE', graceEndsAt: null } as const
const never = new Date(NaN)
type Refusal = [string, reason: string, before: Partial<PaidMembership> | null, Partial<PaidMembership>]
const contradictions: Refusal[] = [
  ['a period of no length', 'contradiction', null, { currentPeriodEnd: at(0), graceEndsAt: null }],
  ['no end', 'contradiction', null, { currentPeriodEnd: null, graceEndsAt: null }],
  ['an end without the status ENDED', 'contradiction', null, { endedAt: at(3) }],
  ['the status ENDED without an end', 'contradiction', null, { ...ended, endedAt: null }],
  ['a grace period that ends before the period', 'contradiction', null, { graceEndsAt: at(29) }],
  ['a grace period without a renewal', 'contradiction', null, { cancelAtPeriodEnd: true }],
  ['a grace period with the status UNPAID', 'contradiction', null, { status: 'UNPAID' }],
  ['a grace period with the status ENDED', 'contradiction', null, { ...ended, graceEndsAt: at(37) }],
]
const refusals: Refusal[] = [
  ...contradictions,
  ['INCOMPLETE after ACTIVE', 'no transition', {}, incomplete],
  ['INCOMPLETE after ENDED', 'no transition', ended, incomplete],
  ['an invalid start', 'contradiction', null, { startedAt: never }],
  ['an invalid period end', 'contradiction', null, { currentPeriodEnd: never }],
  ['an invalid end of the grace period', 'contradiction', null, { graceEndsAt: never }],
  ['an invalid end', 'contradiction', null, { ...ended, endedAt: never }],
]

test.each(refusals)('refuses %s', async (_what, reason, before, change) => {
  const paid = await someone()
  if (before) await put({ ...paid, ...before })
  const history = await historyOf(paid)
  const refused = db.$transaction(async (tx) => {
    const refusal = await savePaidMembership(tx, { ...paid, ...change }, 'test', at(1)).catch((error: unknown) => error)
    // The transaction is not aborted, so that the refusal can be recorded in it.
    await tx.plan.findFirstOrThrow({ where: { id: paid.planId } })
    throw refusal
  })
  await expect(refused).rejects.toMatchObject({ name: 'ImpossibleChange', reason })
  expect(await historyOf(paid)).toEqual(history)
})

test.each(contradictions)('the database also refuses %s', async (_what, _reason, _before, change) => {
  const { id, memberId, planId } = await someone()
  const fields = { startedAt: at(0), currentPeriodEnd: at(30), graceEndsAt: at(37), ...change }
  await expect(makeMembership(db, memberId, planId, { id, source: 'PAYMENT', ...fields })).rejects.toThrow()
})

test('refuses a second current paid membership', async () => {
  const paid = await someone()
  for (const status of ['ACTIVE', 'PAST_DUE', 'TRIALING'] as const) {
    await put({ ...paid, status })
    const second = put({ ...paid, id: randomUUID() })
    await expect(second).rejects.toThrow(ImpossibleChange)
    await expect(second).rejects.toMatchObject({ reason: 'second paid' })
  }
  for (const other of [incomplete, ended]) expect(await put({ ...paid, id: randomUUID(), ...other })).toBe(true)
})

test('refuses the id of another member’s membership or a gift', async () => {
  const [paid, other] = [await someone(), await someone()]
  await put(paid)
  await expect(put({ ...other, id: paid.id })).rejects.toMatchObject({ reason: 'not theirs' })
  const gift = randomUUID()
  await makeMembership(db, other.memberId, other.planId, { id: gift })
  await expect(put({ ...other, id: gift })).rejects.toMatchObject({ reason: 'not theirs' })
})

test.each([
  ['now', -1],
  ['before its start', 5],
])('voids a gift %s', async (_when, begins) => {
  const { memberId, planId } = await someone()
  const id = randomUUID()
  const [startedAt, currentPeriodEnd] = [at(10 + begins), at(40)]
  await makeMembership(db, memberId, planId, { id, startedAt, currentPeriodEnd, changedAt: at(9) })
  const refund = (now: Date) => db.$transaction((tx) => voidGiftMembership(tx, id, 'charge.refunded (evt_3)', now))
  expect(await refund(at(10))).toBe(true)
  expect(await refund(at(11))).toBe(false)
  expect(await db.membership.findUnique({ where: { id } })).toMatchObject({
    status: 'ENDED',
    startedAt,
    endedAt: at(10),
    changeCause: 'charge.refunded (evt_3)',
  })
})

test('voids only gifts', async () => {
  const paid = await someone()
  await put(paid)
  expect(await db.$transaction((tx) => voidGiftMembership(tx, paid.id, 'test', at(1)))).toBe(false)
  expect(await db.$transaction((tx) => voidGiftMembership(tx, randomUUID(), 'test', at(1)))).toBe(false)
  expect(await db.membership.findUnique({ where: { id: paid.id } })).toMatchObject({ status: 'ACTIVE' })
})
