import { randomUUID } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { testDatabase } from '../../server/test/support/database.ts'
import { makeMembership, makePlan, unique } from '../../server/test/support/factories.ts'
import { actOnMember } from './act.ts'
import type { MemberRequest } from './arguments.ts'

const now = new Date('2026-11-21T12:00:00Z')
const issuer = 'https://example.eu.auth0.com/'
const db = await testDatabase()

const act = (action: MemberRequest['action'], subject: string, more: Partial<MemberRequest> = {}, at = now) =>
  actOnMember(db, { action, subject, issuer, plan: undefined, until: null, cause: 'a test', ...more }, at)

const memberOf = (subject: string) =>
  db.member.findFirst({ where: { identities: { some: { issuer, subject } } }, include: { standingChanges: true } })

test('grants, shows, extends and revokes', async () => {
  const [{ slug }, subject] = [await makePlan(db), `auth0|${unique()}`]
  const until = new Date('2027-01-01T00:00:00Z')
  const granted = await act('grant', subject, { plan: slug, until })
  expect(granted).toBe(
    [
      `Granted ${slug}.`,
      `  who      ${subject} of ${issuer}`,
      `  id       ${(await memberOf(subject))?.id}`,
      '  account  enabled',
      `  holds    ${slug}  active (complimentary), until 2027-01-01 00:00 UTC`,
    ].join('\n'),
  )
  expect(await act('show', subject, {}, until)).toContain(`${slug}  over (complimentary), since 2027-01-01 00:00 UTC`)
  const extended = await act('grant', subject, { plan: slug })
  expect(extended.match(/complimentary/g)).toHaveLength(1)
  expect(extended).toContain(`${slug}  active (complimentary), without end`)
  expect(await act('revoke', subject)).toContain('Revoked one membership.')
  expect(await act('revoke', subject, { plan: slug })).toContain(`There is no membership of ${slug} to revoke.`)
  expect(await act('show', subject)).toContain(`${slug}  ended (complimentary), since 2026-11-21 12:00 UTC`)
})

test.each([
  ['auth0|%', 'PERSON'],
  ['%@clients', 'PROGRAM'],
])('makes %s a %s', async (pattern, kind) => {
  const [{ slug }, subject] = [await makePlan(db), pattern.replace('%', unique())]
  await act('grant', subject, { plan: slug })
  expect(await memberOf(subject)).toMatchObject({ kind })
})

describe('revoking a paid membership', () => {
  const stays =
    'Paid memberships are not revoked. Cancel them at the payment provider, and refund them there if necessary.'
  const day = 86_400_000
  const buy = async (subject: string, planId: string) => {
    const member = await memberOf(subject)
    const id = randomUUID()
    const period = {
      startedAt: new Date(now.getTime() - day),
      currentPeriodEnd: new Date(now.getTime() + 30 * day),
      graceEndsAt: new Date(now.getTime() + 37 * day),
    }
    await makeMembership(db, member?.id ?? '', planId, { id, source: 'PAYMENT', ...period })
    return { id, memberId: member?.id ?? '' }
  }

  test('ends only memberships that the provider does not charge', async () => {
    const [plan, subject] = [await makePlan(db), `auth0|${unique()}`]
    await act('grant', subject, { plan: plan.slug })
    const { id: membershipId, memberId } = await buy(subject, plan.id)
    const customerId = `cus_${unique()}`
    await db.billingCustomer.create({ data: { customerId, memberId, createdAt: now } })
    await db.billingSubscription.create({
      data: {
        subscriptionId: `sub_${unique()}`,
        customerId,
        membershipId,
        providerStatus: 'active',
        priceId: 'price_1',
      },
    })
    const said = await act('revoke', subject)
    expect(said).toContain(`Revoked one membership.\n${stays}`)
    expect(said).toContain(`${plan.slug}  active (payment), paid until 2026-12-21 12:00 UTC`)
    expect(await act('revoke', subject)).toMatch(new RegExp(`^${stays}`))
  })

  test('disabling warns while the member is still charged', async () => {
    const [plan, subject] = [await makePlan(db), `auth0|${unique()}`]
    await act('grant', subject, { plan: plan.slug })
    expect(await act('disable', subject)).not.toContain('charged')
    const { id } = await buy(subject, plan.id)
    expect(await act('disable', subject)).toContain(
      'The account was already disabled.\nThe member is still charged and cannot cancel on the site while disabled. Cancel the subscription at the payment provider.',
    )
    expect(await act('enable', subject)).not.toContain('charged')
    await db.membership.update({ where: { id }, data: { cancelAtPeriodEnd: true, graceEndsAt: null } })
    expect(await act('disable', subject)).not.toContain('charged')
  })

  test('ends a paid membership without a subscription', async () => {
    const [plan, subject] = [await makePlan(db), `auth0|${unique()}`]
    await act('grant', subject, { plan: plan.slug })
    await buy(subject, plan.id)
    const said = await act('revoke', subject)
    expect(said).toContain('Revoked 2 memberships.')
    expect(said).not.toContain('stays')
  })
})

test('reports a grace period only after its start', async () => {
  const [plan, subject] = [await makePlan(db), `auth0|${unique()}`]
  await act('grant', subject, { plan: plan.slug, until: new Date('2026-11-22T00:00:00Z') })
  const member = await memberOf(subject)
  const currentPeriodEnd = new Date('2026-12-01T00:00:00Z')
  const graceEndsAt = new Date('2026-12-08T00:00:00Z')
  const startedAt = new Date('2026-11-01T00:00:00Z')
  await makeMembership(db, member?.id ?? '', plan.id, { source: 'PAYMENT', startedAt, currentPeriodEnd, graceEndsAt })
  const held = (at: Date) => act('show', subject, {}, at)
  expect(await held(now)).toContain('active (payment), paid until 2026-12-01 00:00 UTC')
  expect(await held(currentPeriodEnd)).toContain('active (payment), grace until 2026-12-08 00:00 UTC')
  expect(await held(graceEndsAt)).toContain('over (payment), since 2026-12-08 00:00 UTC')
})

test('disables and enables, with the reason', async () => {
  const [{ slug }, subject] = [await makePlan(db), `auth0|${unique()}`]
  await act('grant', subject, { plan: slug })
  expect(await act('disable', subject, { cause: 'shares the password' })).toContain(
    'account  DISABLED since 2026-11-21',
  )
  expect(await act('disable', subject)).toContain('The account was already disabled.')
  expect(await act('enable', subject)).toContain('account  enabled')
  const causes = (await memberOf(subject))?.standingChanges.map(({ disabled, cause }) => [disabled, cause])
  expect(causes).toContainEqual([true, 'shares the password'])
})

test('lists the plans for an unknown one', async () => {
  const [{ slug }, subject] = [await makePlan(db), `auth0|${unique()}`]
  await expect(act('grant', subject, { plan: 'gold' })).rejects.toThrow(/^There is no plan "gold"\. The plans are: .*/)
  await expect(act('grant', subject, { plan: 'gold' })).rejects.toThrow(slug)
  expect(await memberOf(subject)).toBeNull()
})

test.each(['show', 'revoke', 'disable', 'enable'] as const)('explains an unknown subject: %s', async (action) => {
  await expect(act(action, 'auth0|nobody')).rejects.toThrow('No member has the subject auth0|nobody')
  expect(await memberOf('auth0|nobody')).toBeNull()
})
