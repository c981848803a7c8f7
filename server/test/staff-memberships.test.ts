import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { startTestApp, type Answer } from './support/app.ts'
import { makeArticle, makeMember, makeMembership, makePlan, unique, type MadePlan } from './support/factories.ts'

// grantMembership and revokeMembership require a permission and take effect with the next query.

const { ask, db, issuer } = await startTestApp()
const day = 86_400_000
const inDays = (days: number) => new Date(Date.now() + days * day)

let supporter: MadePlan
let patron: MadePlan
let article: string
let editor: string

beforeAll(async () => {
  supporter = await makePlan(db, { monthly: 500 })
  patron = await makePlan(db, { monthly: 1500, includes: [supporter.id] })
  article = (await makeArticle(db, { visibility: 'PLANS', planIds: [supporter.id] })).slug
  editor = `auth0|editor-${unique()}`
})

const staff = () => issuer.sign({ sub: editor, permissions: ['manage:plans'] })
const somebody = async () => {
  const { id, subject } = await makeMember(db, { issuer: issuer.url })
  return { id, token: issuer.sign({ sub: subject }) }
}
const access = async (token: string) =>
  (
    await ask('query ($slug: String!) { article(slug: $slug) { access { reason until } } }', {
      token,
      variables: { slug: article },
    })
  ).data.article.access
const held = '{ plan { slug } status source startedAt currentPeriodEnd cancelAtPeriodEnd }'
const grant = (variables: Record<string, unknown>, token: string | undefined = staff()) =>
  ask(
    `mutation ($member: ID!, $plan: String!, $until: DateTime, $reason: String!) {
      grantMembership(member: $member, plan: $plan, until: $until, reason: $reason) ${held}
    }`,
    { token, variables: { plan: supporter.slug, reason: 'a friend of the house', ...variables } },
  )
const revoke = (variables: Record<string, unknown>, token: string | undefined = staff()) =>
  ask(
    `mutation ($member: ID!, $plan: String, $reason: String!) {
      revokeMembership(member: $member, plan: $plan, reason: $reason) ${held}
    }`,
    { token, variables: { reason: 'no friend any more', ...variables } },
  )
const refusal = ({ errors }: Answer) => errors?.map(({ message, extensions: { code } }) => [code, message])
const causes = async (memberId: string) =>
  (await db.membershipChange.findMany({ where: { memberId }, orderBy: { id: 'asc' } })).map(({ cause }) => cause)

test('a grant opens and a revocation locks with the next query', async () => {
  const { id, token } = await somebody()
  expect((await access(token)).reason).toBe('PLAN_REQUIRED')
  const until = inDays(30).toISOString()
  const granted = await grant({ member: id, until })
  expect(granted.errors).toBeUndefined()
  expect(granted.data.grantMembership).toMatchObject({
    plan: { slug: supporter.slug },
    status: 'ACTIVE',
    source: 'COMPLIMENTARY',
    currentPeriodEnd: until,
  })
  expect(await access(token)).toEqual({ reason: 'PLAN', until })
  // A repeated grant replaces the end of the same membership, here with none.
  const again = await grant({ member: id.toUpperCase(), reason: '  for ever  ' })
  expect(again.data.grantMembership).toMatchObject({ currentPeriodEnd: null })
  expect(await access(token)).toEqual({ reason: 'PLAN', until: null })
  const revoked = await revoke({ member: id, plan: supporter.slug })
  expect(revoked.data.revokeMembership).toMatchObject([{ plan: { slug: supporter.slug }, status: 'ENDED' }])
  expect((await access(token)).reason).toBe('PLAN_EXPIRED')
  expect(await causes(id)).toEqual([
    `by ${editor}: a friend of the house`,
    `by ${editor}: for ever`,
    `by ${editor}: no friend any more`,
  ])
})

test('revokes gifts and grants of one plan or of all', async () => {
  const { id, token } = await somebody()
  await grant({ member: id })
  await grant({ member: id, plan: patron.slug })
  await makeMembership(db, id, supporter.id, { source: 'GIFT' })
  // It has expired by time, so it does not end now.
  await makeMembership(db, id, supporter.id, { source: 'GIFT', currentPeriodEnd: inDays(-1) })
  const one = await revoke({ member: id, plan: patron.slug })
  expect(one.data.revokeMembership).toHaveLength(1)
  expect((await access(token)).reason).toBe('PLAN')
  const rest = await revoke({ member: id })
  expect(rest.data.revokeMembership.map(({ source }: { source: string }) => source).sort()).toEqual([
    'COMPLIMENTARY',
    'GIFT',
  ])
  expect((await access(token)).reason).toBe('PLAN_EXPIRED')
  expect((await revoke({ member: id })).data.revokeMembership).toEqual([])
})

test('a paid membership is not ended', async () => {
  const { id, token } = await somebody()
  await makeMembership(db, id, patron.id, { source: 'PAYMENT' })
  const message =
    'The member pays for this membership. Cancel it at the payment provider, and refund it there if necessary. It then ends here automatically.'
  expect(refusal(await revoke({ member: id }))).toEqual([['CONFLICT', message]])
  expect(refusal(await revoke({ member: id, plan: patron.slug }))).toEqual([['CONFLICT', message]])
  expect((await revoke({ member: id, plan: supporter.slug })).data.revokeMembership).toEqual([])
  // A granted membership beside it ends.
  await grant({ member: id })
  expect((await revoke({ member: id })).data.revokeMembership).toHaveLength(1)
  expect((await access(token)).reason).toBe('PLAN')
})

describe.each([
  ['grantMembership', grant],
  ['revokeMembership', revoke],
])('%s', (name, act) => {
  test('requires the permission and names it', async () => {
    const { id, token } = await somebody()
    const needs = [['FORBIDDEN', 'The permission manage:plans is required.']]
    expect(refusal(await act({ member: id }, token))).toEqual(needs)
    // The same for an unknown member, because nothing is looked up.
    expect(refusal(await act({ member: randomUUID() }, token))).toEqual(needs)
    const others = issuer.sign({ sub: editor, permissions: ['read:members', 'write:articles'] })
    const answer = await act({ member: id }, others)
    expect(refusal(answer)).toEqual(needs)
    expect(answer.errors?.[0]?.extensions).toMatchObject({ permission: 'manage:plans' })
    expect(answer.data[name]).toBeNull()
    expect(await causes(id)).toEqual([])
  })

  test('requires an enabled member', async () => {
    const { id } = await somebody()
    const { subject } = await makeMember(db, { issuer: issuer.url, disabled: true })
    const disabled = issuer.sign({ sub: subject, permissions: ['manage:plans'] })
    expect(refusal(await act({ member: id }, ''))).toEqual([['UNAUTHENTICATED', 'Sign in first.']])
    expect(refusal(await act({ member: id }, disabled))).toEqual([['ACCOUNT_DISABLED', 'This account is disabled.']])
    expect(await causes(id)).toEqual([])
  })

  test.each([
    ['of no member', randomUUID()],
    ['that is a subject', 'auth0|somebody'],
    ['that is empty', ''],
    ['with a quote in it', `'; DROP TABLE member; --`],
  ])('D11: finds no member by an id %s', async (_what, member) => {
    expect(refusal(await act({ member }))).toEqual([['NOT_FOUND', 'There is no such member.']])
  })

  test.each([
    [{ reason: '' }, 'reason is empty.'],
    [{ reason: ' \n\t ' }, 'reason is empty.'],
    [{ reason: 'x'.repeat(501) }, 'reason is longer than 500 characters.'],
    [{ reason: 'a\0b' }, 'reason contains an invalid character.'],
    [{ reason: '\ud800' }, 'reason contains an invalid character.'],
    [{ member: 'a\0b' }, 'member contains an invalid character.'],
    [{ plan: 'p'.repeat(201) }, 'plan is longer than 200 characters.'],
    [{ plan: 'a\0b' }, 'plan contains an invalid character.'],
  ])('refuses %j', async (wrong, message) => {
    const { id } = await somebody()
    expect(refusal(await act({ member: id, ...wrong }))).toEqual([['BAD_USER_INPUT', message]])
    expect(await causes(id)).toEqual([])
  })

  test('accepts a reason of 500 characters', async () => {
    const { id } = await somebody()
    const reason = 'x'.repeat(500)
    await grant({ member: id })
    expect((await act({ member: id, reason: ` ${reason} ` })).errors).toBeUndefined()
    expect((await causes(id)).at(-1)).toBe(`by ${editor}: ${reason}`)
  })

  test('the refusal of an unknown plan lists the plans', async () => {
    const { id } = await somebody()
    const [[code, message] = []] = refusal(await act({ member: id, plan: 'gold' })) ?? []
    expect([code, message]).toEqual([
      'BAD_USER_INPUT',
      expect.stringMatching(/^There is no plan "gold"\. The plans are: /),
    ])
    expect(message).toContain(patron.slug)
  })
})

test.each([inDays(-1).toISOString(), '1970-01-01T00:00:00Z', '0000-01-01T00:00:00Z'])(
  'refuses the end %s',
  async (until) => {
    const { id } = await somebody()
    const message = 'The end of a membership must be in the future.'
    expect(refusal(await grant({ member: id, until }))).toEqual([['BAD_USER_INPUT', message]])
    expect(await causes(id)).toEqual([])
  },
)

test('concurrent grants create one membership', async () => {
  const { id } = await somebody()
  const answers = await Promise.all([30, 31, 32].map((days) => grant({ member: id, until: inDays(days) })))
  for (const answer of answers) expect(refusal(answer)?.[0]?.[0] ?? 'CONFLICT').toBe('CONFLICT')
  expect(answers.some(({ errors }) => errors === undefined)).toBe(true)
  expect(await db.membership.count({ where: { memberId: id } })).toBe(1)
})

test.each([
  ['GIFT', 'ENDED'],
  ['COMPLIMENTARY', 'ENDED'],
  // A paid membership ends by an event of the provider.
  ['PAYMENT', 'ACTIVE'],
] as const)('an expired membership of source %s is %s', async (source, status) => {
  const { id, token } = await somebody()
  const currentPeriodEnd = inDays(-1)
  await makeMembership(db, id, supporter.id, { source, startedAt: inDays(-31), currentPeriodEnd })
  const endedAt = status === 'ENDED' ? currentPeriodEnd.toISOString() : null
  const { data } = await ask('{ viewer { membership { status endedAt opens opensUntil } } }', { token })
  expect(data.viewer.membership).toEqual({ status, endedAt, opens: false, opensUntil: null })
  expect((await access(token)).reason).toBe('PLAN_EXPIRED')
})

test('shows the end of a revoked and of a current membership', async () => {
  const { id, token } = await somebody()
  const until = inDays(30).toISOString()
  await grant({ member: id, until })
  const standing = () => ask('{ viewer { membership { status endedAt opens opensUntil } } }', { token })
  expect((await standing()).data.viewer.membership).toEqual({
    status: 'ACTIVE',
    endedAt: null,
    opens: true,
    opensUntil: until,
  })
  await revoke({ member: id })
  const { status, endedAt, opensUntil } = (await standing()).data.viewer.membership
  expect([status, opensUntil]).toEqual(['ENDED', null])
  expect(Date.now() - Date.parse(endedAt)).toBeLessThan(day)
})

test('an expired membership keeps its end', async () => {
  const { id, token } = await somebody()
  const currentPeriodEnd = inDays(-60)
  const row = {
    source: 'GIFT',
    startedAt: inDays(-90),
    currentPeriodEnd,
    status: 'ENDED',
    endedAt: inDays(-1),
  } as const
  await makeMembership(db, id, supporter.id, row)
  const { data } = await ask('{ viewer { membership { status endedAt } } }', { token })
  expect(data.viewer.membership).toEqual({ status: 'ENDED', endedAt: currentPeriodEnd.toISOString() })
})
