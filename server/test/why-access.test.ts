import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { v7 as uuidv7 } from 'uuid'
import { createClock, type Clock } from '../src/lib/clock.ts'
import { setDisabled } from '../src/members/index.ts'
import {
  grantMembership,
  savePaidMembership,
  revokeMembership,
  voidGiftMembership,
  type PaidMembership,
} from '../src/membership/index.ts'
import { startTestApp } from './support/app.ts'
import {
  makeArticle,
  makeMember,
  makeMembership,
  makePlan,
  type MadeArticle,
  type MadePlan,
} from './support/factories.ts'

// Simulates a year of a member. The decisions around each change are recorded. Afterwards `whyAccess` must return the same decisions
// for these instants from the histories.

const day = 86_400_000
/** Returns the instant a number of days after the start of the year. */
const on = (days: number) => new Date(Date.UTC(2027, 2, 1, 10) + days * day)

let now = on(0)
const clock: Clock = { ...createClock(), business: () => new Date(now) }
const { ask, db, issuer } = await startTestApp({ clock })

let supporter: MadePlan
let patron: MadePlan
let audio: MadePlan
let member: { id: string; subject: string }
let articles: Record<'public' | 'members' | 'paid' | 'supporter' | 'patron' | 'changing', MadeArticle>
let paid: PaidMembership
let gift = ''

const put = (change: Partial<PaidMembership>) => {
  paid = { ...paid, ...change }
  return db.$transaction((tx) => savePaidMembership(tx, paid, `a turn at ${now.toISOString()}`, now))
}
const period = (from: number, graceDays = 7) => ({
  currentPeriodEnd: on(from + 30),
  graceEndsAt: on(from + 30 + graceDays),
})

/** The changes in order. A change without a function is the passing of time. */
const turns: [onDay: number, what: string, happens?: () => Promise<unknown>][] = [
  [
    5,
    'a trial starts',
    () => put({ status: 'TRIALING', startedAt: on(5), currentPeriodEnd: on(19), graceEndsAt: on(26) }),
  ],
  [19, 'the trial is over; no event of its payment arrives'],
  [20, 'the first payment', () => put({ status: 'ACTIVE', ...period(19) })],
  [49, 'a renewal fails', () => put({ status: 'PAST_DUE', graceEndsAt: on(56) })],
  [56, 'the grace is over'],
  [58, 'the late payment', () => put({ status: 'ACTIVE', ...period(49) })],
  [65, 'up', () => put({ planId: patron.id })],
  [79, 'renewed', () => put({ ...period(79) })],
  [90, 'down', () => put({ planId: supporter.id })],
  [95, 'the article requires a higher plan', () => requires(articles.changing, [patron.id])],
  [97, 'another plan is on sale', () => sell()],
  [98, 'the article requires any plan', () => requires(articles.changing, null)],
  [100, 'cancelled for the end of the period', () => put({ cancelAtPeriodEnd: true, graceEndsAt: null })],
  [109, 'the period is over'],
  [110, 'the end is recorded', () => put({ status: 'ENDED', endedAt: on(109) })],
  [120, 'a gift', () => give(120, 150)],
  [125, 'a second gift, for after the first', () => give(150, 180)],
  [130, 'the account is disabled', () => setDisabled(db, member.id, true, 'spam', now)],
  [137, 'and enabled', () => setDisabled(db, member.id, false, 'a mistake', now)],
  [150, 'the second gift begins'],
  [160, 'the second gift is refunded', () => db.$transaction((tx) => voidGiftMembership(tx, gift, 'refund', now))],
  [170, 'a grant', () => grant(audio.slug, 200)],
  [180, 'audio now includes supporter', () => includes(audio, supporter, true)],
  [185, 'the grant is for longer', () => grant(audio.slug, 220)],
  [190, 'and no more', () => includes(audio, supporter, false)],
  [195, 'audio now includes patron', () => includes(audio, patron, true)],
  [200, 'the grant would have been over'],
  [205, 'revoked', () => revokeMembership(db, { memberId: member.id }, 'no friend', now)],
  [
    210,
    'a new subscription, paused at once',
    () => resubscribe({ status: 'PAUSED', currentPeriodEnd: on(240), graceEndsAt: null }),
  ],
  [211, 'taken up again', () => put({ status: 'ACTIVE', ...period(210) })],
  [240, 'a renewal without an event'],
  [247, 'the grace is over'],
  [248, 'unpaid', () => put({ status: 'UNPAID', graceEndsAt: null })],
  [260, 'given for ever', () => grant(patron.slug, null)],
  [270, 'refunded', () => put({ status: 'ENDED', endedAt: on(270) })],
  [
    280,
    'an incomplete first payment',
    () => resubscribe({ status: 'INCOMPLETE', currentPeriodEnd: on(310), graceEndsAt: null }),
  ],
  [281, 'that never came', () => put({ status: 'ENDED', endedAt: on(280) })],
  [300, 'several things at one instant', () => severalAtOnce()],
  [365, 'nothing at all'],
]

async function requires({ id: articleId }: MadeArticle, planIds: string[] | null) {
  const id = uuidv7()
  await db.$transaction(async (tx) => {
    await tx.articleRequirement.create({
      data: { id, articleId, visibility: planIds === null ? 'PAID' : 'PLANS', validFrom: now },
    })
    await tx.articleRequirementPlan.createMany({
      data: (planIds ?? []).map((planId) => ({ requirementId: id, planId })),
    })
  })
}
/** Creates a new plan. It is the cheapest, so it is listed first. */
const sell = () =>
  db.plan.create({
    data: {
      id: uuidv7(),
      slug: `plan-${randomUUID()}`,
      name: 'New',
      description: '',
      createdAt: now,
      prices: { create: { interval: 'MONTHLY', amountMinor: 100, currency: 'EUR' } },
    },
  })
async function give(from: number, to: number) {
  gift = randomUUID()
  const fields = { id: gift, startedAt: on(from), currentPeriodEnd: on(to), changedAt: now, changeCause: 'a gift' }
  await makeMembership(db, member.id, supporter.id, fields)
}
const grant = (planSlug: string, until: number | null) =>
  grantMembership(db, { memberId: member.id, planSlug, until: until === null ? null : on(until) }, 'a friend', now)
const includes = (plan: MadePlan, other: MadePlan, included: boolean) =>
  db.planInclusion.create({ data: { planId: plan.id, includedPlanId: other.id, validFrom: now, included } })
const resubscribe = (change: Partial<PaidMembership>) =>
  put({ id: randomUUID(), startedAt: now, cancelAtPeriodEnd: false, endedAt: null, ...change })
async function severalAtOnce() {
  await revokeMembership(db, { memberId: member.id }, 'first', now)
  await grant(supporter.slug, 330)
  await grant(supporter.slug, 320)
  await setDisabled(db, member.id, true, 'then', now)
  await setDisabled(db, member.id, false, 'and back', now)
}

const accessFields = '{ granted reason until requiredPlans { slug } }'
const tokenOf = (subject: string, ...permissions: string[]) => issuer.sign({ sub: subject, permissions })

/** Returns the current access to all articles. */
async function lived(): Promise<Record<string, unknown>> {
  const fields = Object.entries(articles).map(
    ([name, { slug }]) => `${name}: article(slug: "${slug}") { access ${accessFields} }`,
  )
  const { data, errors } = await ask(`{ ${fields.join(' ')} }`, { token: tokenOf(member.subject) })
  expect(errors).toBeUndefined()
  return Object.fromEntries(Object.keys(articles).map((name) => [name, data[name].access]))
}

const why = (
  articleSlug: string,
  at: Date | string,
  memberId = member.id,
  token = tokenOf('auth0|desk', 'read:members'),
) =>
  ask(
    `query ($memberId: ID!, $articleSlug: String!, $at: DateTime!) {
      whyAccess(memberId: $memberId, articleSlug: $articleSlug, at: $at) {
        at summary access ${accessFields} visibility plans { slug } disabled
        holdings { plan { slug } status source startedAt currentPeriodEnd graceEndsAt cancelAtPeriodEnd since cause opened }
      }
    }`,
    { token, variables: { memberId, articleSlug, at: typeof at === 'string' ? at : at.toISOString() } },
  )

/** Returns the result of `whyAccess` for all articles at an instant, in a few requests. */
async function accessAt(at: Date): Promise<Record<string, unknown>> {
  const all: Record<string, unknown> = {}
  const names = Object.keys(articles) as (keyof typeof articles)[]
  for (const some of [names.slice(0, 3), names.slice(3)]) {
    const fields = some.map((name) => {
      const args = `memberId: "${member.id}", articleSlug: "${articles[name].slug}", at: "${at.toISOString()}"`
      return `${name}: whyAccess(${args}) { access ${accessFields} }`
    })
    const { data, errors } = await ask(`{ ${fields.join(' ')} }`, { token: tokenOf('auth0|desk', 'read:members') })
    expect(errors).toBeUndefined()
    for (const name of some) all[name] = data[name].access
  }
  return all
}

const notes: [at: Date, what: string, lived: Record<string, unknown>][] = []

beforeAll(async () => {
  supporter = await makePlan(db, { monthly: 500 })
  patron = await makePlan(db, { monthly: 1500, includes: [supporter.id] })
  audio = await makePlan(db, { monthly: 900 })
  member = await makeMember(db, { issuer: issuer.url })
  const plans = async (...planIds: string[]) => makeArticle(db, { visibility: 'PLANS', planIds })
  articles = {
    public: await makeArticle(db),
    members: await makeArticle(db, { visibility: 'MEMBERS' }),
    paid: await makeArticle(db, { visibility: 'PAID' }),
    supporter: await plans(supporter.id),
    patron: await plans(patron.id),
    changing: await plans(supporter.id, patron.id),
  }
  paid = {
    id: randomUUID(),
    memberId: member.id,
    planId: supporter.id,
    status: 'TRIALING',
    startedAt: on(0),
    currentPeriodEnd: null,
    cancelAtPeriodEnd: false,
    graceEndsAt: null,
    endedAt: null,
  }
  for (const [onDay, what, happens] of turns) {
    now = new Date(on(onDay).getTime() - 1)
    notes.push([now, `just before: ${what}`, await lived()])
    now = on(onDay)
    await happens?.()
    notes.push([now, what, await lived()])
    now = new Date(on(onDay).getTime() + 1)
    notes.push([now, `just after: ${what}`, await lived()])
  }
  now = on(400)
}, 600_000)

describe('the year', () => {
  test('had every reason', () => {
    const reasons = notes.flatMap(([, , access]) =>
      Object.values(access).map((one) => (one as { reason: string }).reason),
    )
    expect([...new Set(reasons)].sort()).toEqual(
      ['ACCOUNT_DISABLED', 'PAYMENT_PAST_DUE', 'PLAN', 'PLAN_EXPIRED', 'PLAN_REQUIRED', 'PUBLIC', 'SIGNED_IN'].sort(),
    )
  })

  test('is explained as it was decided, at each instant', async () => {
    expect(notes).toHaveLength(3 * turns.length)
    for (const [at, what, access] of notes) expect([what, await accessAt(at)]).toEqual([what, access])
  }, 600_000)
})

test.each([
  [4, 'supporter', 'the member held no plan: locked'],
  [6, 'supporter', 'membership was in its free trial until 20 March 2027 10:00 UTC: open'],
  [19, 'supporter', 'membership was to be renewed, with a grace period until 27 March 2027 10:00 UTC: open'],
  [30, 'patron', 'the member held no plan that opens it: locked'],
  [30, 'supporter', 'membership was running until 19 April 2027 10:00 UTC: open'],
  [50, 'supporter', 'membership was past due, with a grace period until 26 April 2027 10:00 UTC: open'],
  [57, 'supporter', 'membership was past due, with a grace period that had ended on 26 April 2027 10:00 UTC: locked'],
  [109, 'supporter', 'membership had run out on 18 June 2027 10:00 UTC: locked'],
  [111, 'supporter', 'membership had ended on 18 June 2027 10:00 UTC: locked'],
  [131, 'supporter', 'the account was disabled: locked'],
  [138, 'members', 'the article required an account; the account existed: open'],
  [140, 'supporter', 'gift was running until 29 July 2027 10:00 UTC: open'],
  [210, 'supporter', 'membership was paused: locked'],
  [250, 'supporter', 'membership was unpaid: locked'],
  [265, 'supporter', 'grant was running without an end: open'],
  [280, 'public', 'the article was public: open'],
] as const)('explains day %d and the article for %s: %s', async (onDay, name, words) => {
  const { data } = await why(articles[name].slug, on(onDay))
  const { summary } = data.whyAccess as { summary: string }
  expect(summary).toMatch(/^On \d+ [A-Z][a-z]+ 2027 10:00 UTC the article /)
  expect(summary).toContain(words)
  expect(summary.endsWith('.')).toBe(true)
})

test('returns all facts of the decision', async () => {
  const { data, errors } = await why(articles.changing.slug, on(96))
  expect(errors).toBeUndefined()
  expect(data.whyAccess).toEqual({
    at: on(96).toISOString(),
    summary: `On 5 June 2027 10:00 UTC the article required Name of ${patron.slug}; the member held no plan that opens it: locked.`,
    access: { granted: false, reason: 'PLAN_REQUIRED', until: null, requiredPlans: [{ slug: patron.slug }] },
    visibility: 'PLANS',
    plans: [{ slug: patron.slug }],
    disabled: false,
    holdings: [
      {
        plan: { slug: supporter.slug },
        status: 'ACTIVE',
        source: 'PAYMENT',
        startedAt: on(5).toISOString(),
        currentPeriodEnd: on(109).toISOString(),
        graceEndsAt: on(116).toISOString(),
        cancelAtPeriodEnd: false,
        since: on(90).toISOString(),
        cause: `a turn at ${on(90).toISOString()}`,
        opened: false,
      },
    ],
  })
  const opened = await why(articles.supporter.slug, on(96))
  expect(opened.data.whyAccess.holdings).toMatchObject([{ opened: true }])
})

test('before the account existed the reader is anonymous', async () => {
  const early = await db.member.create({
    data: { id: uuidv7(), kind: 'PERSON', createdAt: on(50), standingChangedAt: on(50), standingCause: 'first seen' },
  })
  const [locked, open] = [
    await why(articles.paid.slug, on(49), early.id),
    await why(articles.public.slug, on(49), early.id),
  ]
  expect(locked.data.whyAccess).toMatchObject({
    summary: 'On 19 April 2027 10:00 UTC the article required a plan; there was no account yet: locked.',
    access: { granted: false, reason: 'SIGN_IN_REQUIRED' },
    disabled: false,
    holdings: [],
  })
  expect(open.data.whyAccess.access).toMatchObject({ granted: true, reason: 'PUBLIC' })
  expect((await why(articles.paid.slug, on(50), early.id)).data.whyAccess.access.reason).toBe('PLAN_REQUIRED')
})

describe('an article that was not published', () => {
  const unavailable = { granted: false, reason: 'UNAVAILABLE', until: null, requiredPlans: [] }

  test.each([
    ['a draft', null],
    ['published later', on(60)],
  ])('%s', async (_what, publishedAt) => {
    const { slug } = await makeArticle(db, { publishedAt })
    const { data, errors } = await why(slug, new Date(on(60).getTime() - 1))
    expect(errors).toBeUndefined()
    expect(data.whyAccess).toMatchObject({
      summary: 'On 30 April 2027 09:59:59.999 UTC the article was not published: locked.',
      access: unavailable,
      visibility: null,
      plans: [],
    })
    expect(data.whyAccess.holdings).toMatchObject([{ opened: false, status: 'ACTIVE' }])
    if (publishedAt) expect((await why(slug, publishedAt)).data.whyAccess.access.reason).toBe('PUBLIC')
  })

  test('created later', async () => {
    const { data } = await why(articles.public.slug, '2020-01-01T00:00:00Z')
    expect(data.whyAccess).toMatchObject({
      summary: 'On 1 January 2020 00:00 UTC there was no such article yet: locked.',
      access: unavailable,
      visibility: null,
    })
  })
})

describe('arguments and permissions', () => {
  const refusal = async (answer: ReturnType<typeof why>) =>
    (await answer).errors?.map(({ message, extensions: { code } }) => [code, message])
  const none = [['NOT_FOUND', 'There is no such member or article.']]

  test('requires the permission and names it', async () => {
    const needs = [['FORBIDDEN', 'The permission read:members is required.']]
    const [own, others] = [tokenOf(member.subject), tokenOf('auth0|desk', 'manage:plans', 'write:articles')]
    expect(await refusal(why(articles.paid.slug, on(1), member.id, own))).toEqual(needs)
    expect(await refusal(why(articles.paid.slug, on(1), randomUUID(), own))).toEqual(needs)
    expect(await refusal(why(articles.paid.slug, on(1), member.id, others))).toEqual(needs)
    expect(await refusal(why(articles.paid.slug, on(1), member.id, ''))).toEqual([
      ['UNAUTHENTICATED', 'Sign in first.'],
    ])
    const { subject } = await makeMember(db, { issuer: issuer.url, disabled: true })
    const disabled = tokenOf(subject, 'read:members')
    expect(await refusal(why(articles.paid.slug, on(1), member.id, disabled))).toEqual([
      ['ACCOUNT_DISABLED', 'This account is disabled.'],
    ])
  })

  test('D11: an unknown member or article is NOT_FOUND', async () => {
    for (const id of [randomUUID(), member.subject, '', `' OR 1 = 1 --`]) {
      expect(await refusal(why(articles.paid.slug, on(1), id))).toEqual(none)
    }
    expect(await refusal(why('no-such-article', on(1)))).toEqual(none)
    expect(await refusal(why(articles.paid.id, on(1)))).toEqual(none)
    // Upper case is the same member id.
    expect((await why(articles.paid.slug, on(1), member.id.toUpperCase())).errors).toBeUndefined()
  })

  test.each([
    ['a\0b', 'articleSlug contains an invalid character.'],
    ['x'.repeat(201), 'articleSlug is longer than 200 characters.'],
  ])('refuses the slug %j', async (slug, message) => {
    expect(await refusal(why(slug, on(1)))).toEqual([['BAD_USER_INPUT', message]])
  })

  test('refuses an instant in the future', async () => {
    expect((await why(articles.paid.slug, now)).errors).toBeUndefined()
    const soon = new Date(now.getTime() + 1)
    expect(await refusal(why(articles.paid.slug, soon))).toEqual([['BAD_USER_INPUT', 'at must not be in the future.']])
    expect(await refusal(why(articles.paid.slug, '9999-12-31T23:59:59.999Z'))).toEqual([
      ['BAD_USER_INPUT', 'at must not be in the future.'],
    ])
  })

  test('refuses an instant that cannot be stored', async () => {
    expect(await refusal(why(articles.paid.slug, '0000-06-01T00:00:00Z'))).toEqual([
      ['BAD_USER_INPUT', 'at must not be before the year 1.'],
    ])
    expect((await why(articles.paid.slug, '0001-01-01T00:00:00Z')).errors).toBeUndefined()
  })
})
