import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { prepareArticle, publishArticle } from '../server/src/content/publishing/index.ts'
import { testDatabase } from '../server/test/support/database.ts'
import { makeMembership, unique } from '../server/test/support/factories.ts'
import { seedDemo } from './seed/demo.ts'

const db = await testDatabase()
const contentFolder = await mkdtemp(path.join(tmpdir(), 'gatepost-seed-'))
afterAll(() => rm(contentFolder, { recursive: true }))

// A day in the past, because other tests of this database use the plans that are created here.
const today = new Date('2026-02-21T15:30:00.000Z')
const days = (count: number): Date => new Date(Date.parse('2026-02-21T00:00:00Z') + count * 86_400_000)
const newIssuer = (): string => `https://${unique()}.example.test/`
const seed = (issuer: string, now = today) => seedDemo(db, { issuer, now, contentFolder })

async function piece(slug: string, visibility: string): Promise<Buffer> {
  const source = Buffer.from(
    `---\ntitle: T\nslug: ${slug}\nauthor: A\nvisibility: ${visibility}\nstatus: published\npublishedAt: 2026-08-03T07:00:00Z\n---\nPublic.\n\n<!--more-->\n\nPaid.\n`,
  )
  await writeFile(path.join(contentFolder, `${slug}.md`), source)
  return source
}

async function membershipsOf(issuer: string, name: string) {
  return db.membership.findMany({
    where: { member: { identities: { some: { issuer, subject: `auth0|${name}` } } } },
    orderBy: { id: 'asc' },
    select: {
      plan: { select: { slug: true } },
      status: true,
      source: true,
      currentPeriodEnd: true,
      graceEndsAt: true,
      endedAt: true,
    },
  })
}

const paid = { source: 'PAYMENT', graceEndsAt: null, endedAt: null }

test.each([
  ['reader', []],
  ['editor', []],
  ['subscriber', [{ ...paid, plan: { slug: 'supporter' }, status: 'ACTIVE', currentPeriodEnd: days(20) }]],
  ['patron', [{ ...paid, plan: { slug: 'patron' }, status: 'ACTIVE', currentPeriodEnd: days(20) }]],
  ['disabled', [{ ...paid, plan: { slug: 'supporter' }, status: 'ACTIVE', currentPeriodEnd: days(20) }]],
  [
    'lapsed',
    [{ ...paid, plan: { slug: 'supporter' }, status: 'ENDED', currentPeriodEnd: days(-30), endedAt: days(-30) }],
  ],
  [
    'pastdue',
    // The unpaid period has started.
    [{ ...paid, plan: { slug: 'supporter' }, status: 'PAST_DUE', currentPeriodEnd: days(18), graceEndsAt: days(-3) }],
  ],
])('%s holds what the demo says', async (name, memberships) => {
  const issuer = newIssuer()
  await seed(issuer)
  expect(await membershipsOf(issuer, name)).toEqual(memberships)
})

test('only the disabled persona is disabled', async () => {
  const issuer = newIssuer()
  await seed(issuer)
  const disabled = await db.member.findMany({
    where: { identities: { some: { issuer } }, disabledAt: { not: null } },
    select: { name: true, email: true },
  })
  expect(disabled).toEqual([{ name: 'Drew Disabled', email: 'disabled@example.test' }])
})

test('the plans have their prices and inclusions', async () => {
  await seed(newIssuer())
  const plans = await db.plan.findMany({
    where: { slug: { in: ['supporter', 'patron'] } },
    orderBy: { slug: 'desc' },
    select: {
      slug: true,
      prices: { select: { interval: true, amountMinor: true, currency: true }, orderBy: { amountMinor: 'asc' } },
      includes: { select: { includedPlan: { select: { slug: true } }, included: true } },
    },
  })
  const price = (interval: string, amountMinor: number) => ({ interval, amountMinor, currency: 'EUR' })
  expect(plans).toEqual([
    { slug: 'supporter', prices: [price('MONTHLY', 500), price('YEARLY', 5000)], includes: [] },
    {
      slug: 'patron',
      prices: [price('MONTHLY', 1200), price('YEARLY', 12000)],
      includes: [{ includedPlan: { slug: 'supporter' }, included: true }],
    },
  ])
})

async function historyOf(issuer: string): Promise<number> {
  const identities = await db.identity.findMany({ where: { issuer }, select: { memberId: true } })
  const memberId = { in: identities.map((identity) => identity.memberId) }
  return (
    (await db.membershipChange.count({ where: { memberId } })) +
    (await db.memberStandingChange.count({ where: { memberId } }))
  )
}

test('a second seeding on a day writes nothing', async () => {
  const issuer = newIssuer()
  await piece(`seeded-${unique()}`, 'plan:supporter')
  await seed(issuer)
  const history = await historyOf(issuer)
  const again = await seed(issuer, new Date('2026-02-21T23:59:59.999Z'))
  expect(again).toMatchObject({ plansCreated: 0, accountsCreated: 0, personasSet: 0 })
  expect(again.articles).toMatchObject({ created: 0, updated: 0, kept: [] })
  expect(await historyOf(issuer)).toBe(history)
})

test('a seeding on another day moves the dates', async () => {
  const issuer = newIssuer()
  await seed(issuer)
  await seed(issuer, days(40))
  expect(await membershipsOf(issuer, 'subscriber')).toMatchObject([{ status: 'ACTIVE', currentPeriodEnd: days(60) }])
  expect(await membershipsOf(issuer, 'lapsed')).toMatchObject([{ status: 'ENDED', endedAt: days(10) }])
})

test('ends other memberships of personas', async () => {
  const issuer = newIssuer()
  await seed(issuer)
  const plan = await db.plan.findUniqueOrThrow({ where: { slug: 'patron' }, select: { id: true } })
  for (const name of ['reader', 'lapsed']) {
    const subject = `auth0|${name}`
    const { memberId } = await db.identity.findUniqueOrThrow({ where: { issuer_subject: { issuer, subject } } })
    await makeMembership(db, memberId, plan.id, { source: 'PAYMENT' })
    await db.member.update({ where: { id: memberId }, data: { disabledAt: today } })
  }
  await seed(issuer)
  expect(await membershipsOf(issuer, 'reader')).toMatchObject([{ status: 'ENDED', endedAt: today }])
  expect((await membershipsOf(issuer, 'lapsed')).map(({ status }) => status)).toEqual(['ENDED', 'ENDED'])
  expect(await db.member.count({ where: { identities: { some: { issuer } }, disabledAt: { not: null } } })).toBe(1)
})

test('does not change articles that the publisher replaced', async () => {
  const issuer = newIssuer()
  const slug = `seeded-${unique()}`
  await piece(slug, 'public')
  expect((await seed(issuer)).articles.created).toBeGreaterThanOrEqual(1)
  const locked = prepareArticle(`${slug}.md`, Buffer.from(String(await piece(slug, 'paid'))))
  if ('problems' in locked) throw new Error('the piece is bad')
  await publishArticle(db, locked, today)
  await piece(slug, 'public')
  const { articles } = await seed(issuer)
  expect(articles.kept).toEqual([slug])
  const requirement = await db.articleRequirement.findFirst({
    where: { article: { slug } },
    orderBy: { validFrom: 'desc' },
  })
  expect(requirement?.visibility).toBe('PAID')
})

test('publishes a changed demo article', async () => {
  const issuer = newIssuer()
  const slug = `seeded-${unique()}`
  await piece(slug, 'public')
  await seed(issuer)
  await piece(slug, 'paid')
  expect((await seed(issuer)).articles).toMatchObject({ updated: 1 })
})

test('a bad file stops the seeding with its line', async () => {
  const file = path.join(contentFolder, 'bad.md')
  await writeFile(file, '---\ntitle: T\n---\n')
  await expect(seed(newIssuer())).rejects.toThrow('bad.md:1: author: is missing')
  await rm(file)
})

test('concurrent seedings create everything once', async () => {
  const issuer = newIssuer()
  const done = await Promise.all([seed(issuer), seed(issuer), seed(issuer)])
  expect(done.map(({ personasSet }) => personasSet).sort()).toEqual([0, 0, 5])
  expect(await membershipsOf(issuer, 'subscriber')).toHaveLength(1)
})
