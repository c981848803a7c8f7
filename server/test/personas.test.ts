import path from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { mintToken } from '../../scripts/local/identity/mint-token.ts'
import { makeTestHome, startTestProvider } from '../../scripts/local/identity/test-provider.ts'
import { personas } from '../../scripts/local/identity/personas.ts'
import { seedDemo } from '../../prisma/seed/demo.ts'
import { localAudience, localClientId } from '../src/local/defaults.ts'
import { startTestApp } from './support/app.ts'
import { testDatabase } from './support/database.ts'

// The personas of the demo publication read each kind of article over HTTP, with tokens of the local identity provider.

const home = await makeTestHome()
const provider = await startTestProvider(home)
afterAll(async () => {
  await provider.stop()
  await home.remove()
})
const db = await testDatabase()
await seedDemo(db, {
  issuer: provider.url,
  now: new Date(),
  contentFolder: path.resolve(import.meta.dirname, '../../prisma/content'),
})
// Plans of other test files would be in `requiredPlans` of PAID articles.
await db.plan.updateMany({ where: { slug: { notIn: ['supporter', 'patron'] } }, data: { archivedAt: new Date(0) } })
const { ask, logs } = await startTestApp({
  env: { AUTH_ISSUER: provider.url, AUTH0_AUDIENCE: localAudience, MAX_BODIES_PER_ANSWER: '100' },
})

async function tokenFor(who: string): Promise<string | undefined> {
  if (who === 'anonymous') return undefined
  return mintToken({
    folder: path.join(home.dataDir, 'identity'),
    issuer: provider.url,
    audience: localAudience,
    clientId: localClientId,
    ...(who === 'program' ? { kind: 'program' as const } : { as: who }),
  })
}

/** An article of each visibility and set of plans, with the plans that open it. */
const articles = {
  PUBLIC: ['circles', []],
  MEMBERS: ['compensation', []],
  PAID: ['art', ['supporter', 'patron']],
  'PLANS supporter': ['love', ['supporter', 'patron']],
  'PLANS patron': ['gifts', ['patron']],
  'PLANS supporter, patron': ['nature', ['supporter', 'patron']],
} as const
type Kind = keyof typeof articles

const signIn = { MEMBERS: 'SIGN_IN_REQUIRED', PAID: 'SIGN_IN_REQUIRED' }
const noPlan = { MEMBERS: 'SIGNED_IN', PAID: 'PLAN_REQUIRED' }

/** The reasons for each reader: for MEMBERS, for PAID and all sets of plans, and for a set that differs. */
const readers: Record<string, { MEMBERS: string; PAID: string; 'PLANS patron'?: string }> = {
  anonymous: signIn,
  newcomer: noPlan,
  reader: noPlan,
  program: noPlan,
  subscriber: { MEMBERS: 'SIGNED_IN', PAID: 'PLAN', 'PLANS patron': 'PLAN_REQUIRED' },
  patron: { MEMBERS: 'SIGNED_IN', PAID: 'PLAN' },
  lapsed: { MEMBERS: 'SIGNED_IN', PAID: 'PLAN_EXPIRED', 'PLANS patron': 'PLAN_REQUIRED' },
  pastdue: { MEMBERS: 'SIGNED_IN', PAID: 'PAYMENT_PAST_DUE', 'PLANS patron': 'PLAN_REQUIRED' },
  disabled: { MEMBERS: 'ACCOUNT_DISABLED', PAID: 'ACCOUNT_DISABLED' },
  editor: { MEMBERS: 'STAFF', PAID: 'STAFF' },
}

const codes: Record<string, string> = {
  SIGN_IN_REQUIRED: 'UNAUTHENTICATED',
  PLAN_REQUIRED: 'SUBSCRIPTION_REQUIRED',
  PLAN_EXPIRED: 'SUBSCRIPTION_REQUIRED',
  PAYMENT_PAST_DUE: 'SUBSCRIPTION_REQUIRED',
  ACCOUNT_DISABLED: 'ACCOUNT_DISABLED',
}

function reasonFor(who: string, kind: Kind): string {
  const row = readers[who]
  if (!row) throw new Error(`no row for ${who}`)
  if (kind === 'PUBLIC') return 'PUBLIC'
  if (kind === 'MEMBERS') return row.MEMBERS
  return kind === 'PLANS patron' ? (row['PLANS patron'] ?? row.PAID) : row.PAID
}

const cells = Object.keys(readers).flatMap((who) =>
  (Object.keys(articles) as Kind[]).map((kind): [string, Kind, string] => [who, kind, reasonFor(who, kind)]),
)

const query = `query Read($slug: String!) {
  article(slug: $slug) { title preview access { granted reason until requiredPlans { slug } } body { html rest } }
}`

test('the table has every persona', () => {
  expect(personas.map(({ name }) => name).filter((name) => !(name in readers))).toEqual([])
})

test.each(cells)('%s, %s: %s', async (who, kind, reason) => {
  const [slug, plans] = articles[kind]
  const { status, data, errors } = await ask(query, { token: await tokenFor(who), variables: { slug } })
  expect(status).toBe(200)
  const { access, body, preview } = data.article
  const opens = !(reason in codes)
  expect(access).toMatchObject({ granted: opens, reason, requiredPlans: plans.map((plan) => ({ slug: plan })) })
  expect(access.until !== null).toBe(reason === 'PLAN')
  expect(preview).toMatch(/^<(p|h\d|blockquote|figure)/)
  if (opens) {
    expect(errors).toBeUndefined()
    expect(body.html).toBe(preview + body.rest)
  } else {
    expect(body).toBeNull()
    expect(errors).toHaveLength(1)
    expect(errors?.[0]).toMatchObject({ path: ['article', 'body'], extensions: { code: codes[reason], reason } })
    expect(errors?.[0]?.extensions.requiredPlans?.map((plan) => plan.slug)).toEqual(plans)
  }
})

const lastSentence = 'Nothing can bring you peace but the triumph of principles.'

test('a subscriber reads Self-Reliance to its last sentence', async () => {
  const { data } = await ask(query, { token: await tokenFor('subscriber'), variables: { slug: 'self-reliance' } })
  expect(data.article.body.html).toContain('Trust thyself: every heart vibrates to that iron string.')
  expect(data.article.body.html.trim()).toMatch(new RegExp(`${lastSentence}</p>$`))
})

test('a reader gets its preview, the reason and the plans', async () => {
  const { data, text } = await ask(query, { token: await tokenFor('reader'), variables: { slug: 'self-reliance' } })
  expect(data.article.preview).toContain('envy is ignorance')
  expect(data.article.access).toMatchObject({
    reason: 'PLAN_REQUIRED',
    requiredPlans: [{ slug: 'supporter' }, { slug: 'patron' }],
  })
  expect(text).not.toContain('every heart vibrates')
})

test('drafts and scheduled articles are null, also for the editor', async () => {
  const slugs = ['the-boscombe-valley-mystery', 'the-man-with-the-twisted-lip', 'there-is-no-such-piece']
  const token = await tokenFor('editor')
  const answers = await Promise.all(
    slugs.map((slug) => ask('query ($slug: String!) { article(slug: $slug) { id } }', { token, variables: { slug } })),
  )
  expect(answers.map(({ text }) => text)).toEqual(slugs.map(() => answers[2]?.text))
  expect(answers[2]?.data).toEqual({ article: null })
})

test('no log line contains a token', async () => {
  const token = (await tokenFor('subscriber')) ?? ''
  await ask('{ ping { greeting } }', { token })
  expect(logs.length).toBeGreaterThan(0)
  expect(logs.filter((line) => line.includes(token.slice(0, 40)) || /example\.test"/.test(line))).toEqual([])
})

test('ping greets a persona by name', async () => {
  const { data } = await ask('{ ping { greeting calls } viewer { name email } }', { token: await tokenFor('patron') })
  expect(data.ping).toMatchObject({ greeting: 'Hello, Pat Patron!', calls: expect.any(Number) })
})
