import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { startTestApp } from './support/app.ts'
import { frozenClock } from './support/clock.ts'
import { unique } from './support/factories.ts'

const clock = frozenClock(new Date().toISOString())
const app = await startTestApp({ clock })
const { ask, db, issuer, logs } = app
const other = await startTestApp({ clock, beside: app })

const minutes = (count: number) => count * 60
const viewer = '{ viewer { id subject name email picture } }'
/** Creates a token of a new subject with a profile at the identity provider. */
function stranger(claims: Record<string, unknown> = {}) {
  const name = `Ada ${unique()}`
  const sub = `auth0|${unique()}`
  issuer.profiles.set(sub, {
    name,
    email: 'ada@example.test',
    email_verified: true,
    picture: 'https://example.test/a.png',
  })
  // Valid long enough for the clock to be moved forward.
  return { sub, name, token: issuer.sign({ sub, exp: Math.floor(Date.now() / 1000) + 80_000, ...claims }) }
}
const memberOf = (subject: string) =>
  db.identity.findFirst({ where: { subject }, select: { memberId: true, issuer: true, member: true } })
/** Waits until the fetch in the background, if any, has finished. */
const settled = async (subject: string) => {
  while ((await memberOf(subject))?.member.profileFetchedAt == null)
    await new Promise((resolve) => setTimeout(resolve, 10))
}

/** Returns how often a subject's profile was fetched. */
const askedFor = (...subjects: string[]) => issuer.profilesAsked.filter((subject) => subjects.includes(subject)).length

// Calls of the previous test must not count towards the limit per second.
beforeEach(() => clock.advance(1))
afterEach(() => {
  issuer.mode = 'well'
})

describe('a new subject', () => {
  test('becomes one member under fifty concurrent requests', async () => {
    const { sub, token } = stranger()
    const [members, changes] = [await db.member.count(), await db.memberStandingChange.count()]
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => (index % 2 ? ask : other.ask)(viewer, { token })),
    )
    expect(answers.filter(({ errors }) => errors)).toEqual([])
    const found = await memberOf(sub)
    expect(new Set(answers.map(({ data }) => data.viewer.id))).toEqual(new Set([found?.memberId]))
    expect(found).toMatchObject({ issuer: issuer.url, member: { kind: 'PERSON', disabledAt: null } })
    // The requests that lost the race left no rows.
    expect([await db.member.count(), await db.memberStandingChange.count()]).toEqual([members + 1, changes + 1])
  })

  test('is another member with another subject', async () => {
    const [ada, bea] = [stranger(), stranger()]
    const ids = await Promise.all([ada, bea].map(async ({ token }) => (await ask(viewer, { token })).data.viewer.id))
    expect(ids[0]).not.toBe(ids[1])
  })

  test.each([
    ['client credentials', { sub: `${unique()}@clients` }],
    ['the grant type client-credentials', { sub: `robot-${unique()}`, gty: 'client-credentials' }],
  ])('is a program with %s, without a profile', async (_name, claims) => {
    issuer.profiles.set(claims.sub, { name: 'Robot' })
    const { token } = stranger(claims)
    const { data } = await ask('{ viewer { subject name } ping { greeting calls } }', { token })
    expect(data).toEqual({
      viewer: { subject: claims.sub, name: null },
      ping: { greeting: 'Hello, reader!', calls: 1 },
    })
    clock.advance(minutes(21))
    await ask(viewer, { token })
    expect((await memberOf(claims.sub))?.member).toMatchObject({ kind: 'PROGRAM', profileAttemptedAt: null })
    expect(askedFor(claims.sub)).toBe(0)
  })

  test('has no account in an anonymous session', async () => {
    const members = await db.member.count()
    const sub = `anon@${unique()}`
    const { token } = stranger({ sub })
    const { status, data, errors } = await ask('{ viewer { id } ping { calls } bookmarks { nodes { id } } }', { token })
    expect({ status, data }).toEqual({ status: 200, data: { viewer: null, ping: null, bookmarks: null } })
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED'])
    expect([await memberOf(sub), await db.member.count()]).toEqual([null, members])
    expect(askedFor(sub)).toBe(0)
  })

  test('is not looked up for public fields', async () => {
    const { sub, token } = stranger()
    await ask('{ plans { slug } articles { nodes { slug } } }', { token })
    expect(await memberOf(sub)).toBeNull()
  })
})

describe('the profile', () => {
  test('is available to the first greeting', async () => {
    const { name, token } = stranger()
    const { data } = await ask('{ ping { greeting } }', { token })
    expect(data.ping.greeting).toBe(`Hello, ${name}!`)
    expect((await ask(viewer, { token })).data.viewer).toMatchObject({ name, email: 'ada@example.test' })
  })

  test('is fetched once for a thousand queries', async () => {
    const { sub, name, token } = stranger()
    await ask(viewer, { token })
    await settled(sub)
    for (let batch = 0; batch < 50; batch += 1) {
      await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 ? ask : other.ask)(viewer, { token })))
    }
    expect(askedFor(sub)).toBe(1)
    expect((await memberOf(sub))?.member).toMatchObject({ name, emailVerified: true })
  }, 120_000)

  test('is fetched again after twenty minutes', async () => {
    const { sub, token } = stranger()
    await ask('{ ping { calls } }', { token })
    issuer.profiles.set(sub, { name: 'Renamed' })
    clock.advance(minutes(20) - 0.001)
    await ask(viewer, { token })
    expect(askedFor(sub)).toBe(1)
    clock.advance(0.001)
    const old = await ask(viewer, { token })
    expect(old.data.viewer.name).not.toBe('Renamed')
    while ((await memberOf(sub))?.member.name !== 'Renamed') await new Promise((resolve) => setTimeout(resolve, 10))
    expect(askedFor(sub)).toBe(2)
  })

  test('is not retried at once after a failure', async () => {
    const { sub, token } = stranger()
    issuer.mode = 'error'
    for (let index = 0; index < 20; index += 1) {
      const { data, errors } = await ask('{ ping { greeting } viewer { name } }', { token })
      expect([data, errors]).toEqual([{ ping: { greeting: 'Hello, reader!' }, viewer: { name: null } }, undefined])
    }
    expect(askedFor(sub)).toBe(1)
    clock.advance(minutes(20))
    issuer.mode = 'well'
    const { data } = await ask('{ ping { greeting } }', { token })
    expect(data.ping.greeting).toMatch(/^Hello, Ada /)
    expect(askedFor(sub)).toBe(2)
  })

  test.each(['slow', 'down', 'html', 'redirect', 'empty'] as const)(
    'a provider that is %s delays no other query',
    async (mode) => {
      const { sub, token } = stranger()
      issuer.profiles.delete(sub)
      issuer.mode = mode
      const from = logs.length
      const failed = () => logs.slice(from).some((line) => line.includes('a profile could not be fetched'))
      const { status, data, errors } = await ask(`{ viewer { name } plans { slug } }`, { token })
      if (mode === 'slow') expect(failed()).toBe(false)
      expect([status, errors, data.viewer.name]).toEqual([200, undefined, null])
      while (!failed()) await new Promise((resolve) => setTimeout(resolve, 20))
      expect(askedFor(sub)).toBe(1)
    },
  )

  test('is fetched at most four times a second', async () => {
    const people = Array.from({ length: 12 }, () => stranger())
    const calls = () => askedFor(...people.map(({ sub }) => sub))
    const all = () => Promise.all(people.map(({ token }) => ask('{ ping { greeting } }', { token })))
    expect((await all()).filter(({ data }) => data.ping.greeting !== 'Hello, reader!')).toHaveLength(4)
    expect(calls()).toBe(4)
    clock.advance(0.999)
    await all()
    expect(calls()).toBe(4)
    clock.advance(0.001)
    await all()
    expect(calls()).toBe(8)
    clock.advance(1)
    expect((await all()).filter(({ data }) => data.ping.greeting !== 'Hello, reader!')).toHaveLength(12)
    expect(calls()).toBe(12)
  })

  test('is fetched by one of two processes', async () => {
    const { sub, token } = stranger()
    await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 ? ask : other.ask)(viewer, { token })))
    await settled(sub)
    expect(askedFor(sub)).toBe(1)
    clock.advance(minutes(20))
    await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 ? ask : other.ask)(viewer, { token })))
    while (askedFor(sub) < 2) await new Promise((resolve) => setTimeout(resolve, 10))
    expect(askedFor(sub)).toBe(2)
  })

  test('is not stored if it names another subject', async () => {
    const { sub, token } = stranger()
    issuer.profiles.set(sub, { sub: 'auth0|somebody-else', name: 'Somebody Else' })
    expect((await ask('{ ping { greeting } }', { token })).data.ping.greeting).toBe('Hello, reader!')
    expect((await memberOf(sub))?.member.name).toBeNull()
  })
})
