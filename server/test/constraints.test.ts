import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { testDatabase, testDatabaseUrl } from './support/database.ts'
import { makeArticle, makeMember, makeMembership, makeNamed, makePlan, unique } from './support/factories.ts'

// What the database refuses whoever writes: each rule of the migration is broken once, in plain SQL.

const db = await testDatabase()
const issuer = 'https://constraints.example.test/'

/** The names of constraints, and what triggers say, as they were met. */
const broken = new Set<string>()

/** Runs statements in one transaction that is taken back. @returns how PostgreSQL refused them, or null */
async function attempt(...statements: string[]): Promise<{ code: string; message: string } | null> {
  const client = new pg.Client({ connectionString: testDatabaseUrl() })
  await client.connect()
  try {
    await client.query('BEGIN')
    for (const sql of statements) await client.query(sql)
    // What is looked at when the transaction ends is looked at now.
    await client.query('SET CONSTRAINTS ALL IMMEDIATE')
    return null
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error
    const message = error.constraint ?? error.message
    broken.add(message)
    return { code: error.code ?? '', message }
  } finally {
    await client.query('ROLLBACK')
    await client.end()
  }
}

const restrict = '23001'
const check = '23514'
const uniqueness = '23505'
const foreignKey = '23503'

let member: string
let article: string
let requirement: string
let author: string
let [plan, other] = ['', '']
const event = `evt_${unique()}`

beforeAll(async () => {
  member = (await makeMember(db, { issuer })).id
  plan = (await makePlan(db, { monthly: 500 })).id
  other = (await makePlan(db, { includes: [plan] })).id
  article = (await makeArticle(db, { visibility: 'PLANS', planIds: [plan] })).id
  author = await makeNamed(db, 'author')
  requirement = (await db.articleRequirement.findFirstOrThrow({ where: { articleId: article } })).id
  await makeMembership(db, member, plan, { source: 'COMPLIMENTARY' })
  const at = new Date()
  await db.billingEvent.create({
    data: { id: event, type: 'customer.created', occurredAt: at, receivedAt: at, payload: {}, outcome: 'PENDING' },
  })
})

const q = (value: string | null): string => (value === null ? 'NULL' : `'${value}'`)

describe('histories are append-only', () => {
  const tables = [
    ['article_requirement', 'valid_from = now()'],
    ['article_requirement_plan', `plan_id = plan_id`],
    ['plan_inclusion', 'included = NOT included'],
    ['member_standing_change', `cause = 'forged'`],
    ['membership_change', `cause = 'forged'`],
  ] as const

  test.each(tables)('%s takes no update, delete or truncate', async (table, change) => {
    const refused = { code: restrict, message: `append-only: ${table} is a history` }
    expect(
      Number((await db.$queryRawUnsafe<{ count: bigint }[]>(`SELECT count(*) FROM ${table}`))[0]?.count),
    ).toBeGreaterThan(0)
    expect(await attempt(`UPDATE ${table} SET ${change}`)).toEqual(refused)
    expect(await attempt(`DELETE FROM ${table}`)).toEqual(refused)
    expect(await attempt(`TRUNCATE ${table} CASCADE`)).toMatchObject({ code: restrict })
  })

  test('what the provider said stays as it was said', async () => {
    const emptied = { code: restrict, message: 'append-only: billing_event is a ledger' }
    const change = (what: string) => attempt(`UPDATE billing_event SET ${what} WHERE id = ${q(event)}`)
    expect(await attempt(`DELETE FROM billing_event WHERE id = ${q(event)}`)).toEqual(emptied)
    expect(await attempt('TRUNCATE billing_event')).toEqual(emptied)
    for (const said of [
      `id = 'evt_forged'`,
      'sequence = sequence + 1000000',
      `type = 'forged'`,
      `api_version = 'forged'`,
      `occurred_at = occurred_at - interval '1 day'`,
      `received_at = received_at - interval '1 day'`,
      `customer_id = 'cus_forged'`,
      `invoice_id = 'in_forged'`,
      `payment_intent_id = 'pi_forged'`,
      `payload = '{"forged": true}'`,
    ]) {
      const refused = { code: restrict, message: 'append-only: an event stays as it came' }
      expect([said, await change(said)]).toEqual([said, refused])
    }
    expect(await change(`outcome = 'IGNORED', note = 'of no use'`)).toBeNull()
  })

  const requires = (validFrom: string, visibility = 'PUBLIC') =>
    `INSERT INTO article_requirement (id, article_id, visibility, valid_from)
     VALUES (${q(randomUUID())}, ${q(article)}, '${visibility}', ${validFrom})`
  const includes = (validFrom: string) =>
    `INSERT INTO plan_inclusion (plan_id, included_plan_id, valid_from, included)
     VALUES (${q(other)}, ${q(plan)}, ${validFrom}, false)`

  test.each([
    ['a year ago', `now() - interval '1 year'`],
    ['at the same instant', `(SELECT max(valid_from) FROM article_requirement WHERE article_id = '$article')`],
  ])('no requirement is slipped in %s', async (_name, when) => {
    expect(await attempt(requires(when.replace('$article', article)))).toEqual({
      code: restrict,
      message: 'append-only: a requirement of this article is already valid from then or later',
    })
  })

  test('no inclusion is slipped in behind', async () => {
    expect(await attempt(includes(`now() - interval '1 year'`))).toEqual({
      code: restrict,
      message: 'append-only: an inclusion of these plans is already valid from then or later',
    })
  })

  test('what comes last is taken', async () => {
    expect(await attempt(requires('now()'), requires(`now() + interval '1 day'`), includes('now()'))).toBeNull()
  })

  test.each([
    ['a member with a history', () => `DELETE FROM member WHERE id = ${q(member)}`],
    ['an article with a requirement', () => `DELETE FROM article WHERE id = ${q(article)}`],
    ['a plan that is held', () => `DELETE FROM plan WHERE id = ${q(plan)}`],
    ['a plan that includes others', () => `DELETE FROM plan WHERE id = ${q(other)}`],
  ])('%s stays', async (_name, statement) => {
    const refusal = await attempt(statement())
    expect([restrict, foreignKey]).toContain(refusal?.code)
  })
})

describe('an article', () => {
  const id = randomUUID()
  const make = (fields: Partial<Record<'slug' | 'title' | 'reading_minutes', string>> = {}) => {
    const { slug = `article-${unique()}`, title = 'Title', reading_minutes = '1' } = fields
    return `INSERT INTO article (id, slug, title, excerpt, preview_html, reading_minutes, author_id, source_hash, created_at, updated_at)
      VALUES (${q(id)}, ${q(slug)}, ${q(title)}, '', '', ${reading_minutes}, ${q(author)}, '', now(), now())`
  }
  const body = `INSERT INTO article_body (article_id, html, rest) VALUES (${q(id)}, '', '')`
  const requirementId = randomUUID()
  const asks = (visibility: string) =>
    `INSERT INTO article_requirement (id, article_id, visibility, valid_from)
     VALUES (${q(requirementId)}, ${q(id)}, '${visibility}', now())`
  const names = () => `INSERT INTO article_requirement_plan VALUES (${q(requirementId)}, ${q(plan)})`
  const notWhole = {
    code: check,
    message: expect.stringMatching(/^article article-\w+ has no requirement or no body$/),
  }

  test('with body and requirement is taken, in any order', async () => {
    expect(await attempt(make(), asks('PUBLIC'), body)).toBeNull()
    expect(await attempt(make(), body, asks('PAID'))).toBeNull()
  })

  test.each([
    ['without a body', () => [make(), asks('PUBLIC')]],
    ['without a requirement', () => [make(), body]],
    ['with neither', () => [make()]],
  ])('%s is refused', async (_name, statements) => {
    expect(await attempt(...statements())).toEqual(notWhole)
  })

  test('keeps its body', async () => {
    const refused = { code: restrict, message: 'an article keeps its body' }
    expect(await attempt(`DELETE FROM article_body WHERE article_id = ${q(article)}`)).toEqual(refused)
  })

  test.each([
    ['PLANS', 0],
    ['PUBLIC', 1],
    ['MEMBERS', 1],
    ['PAID', 1],
  ])('for %s with %i plans is refused', async (visibility, count) => {
    const statements = [make(), body, asks(visibility), ...(count ? [names()] : [])]
    expect(await attempt(...statements)).toEqual({
      code: check,
      message: `visibility ${visibility} with ${count} plans`,
    })
  })

  test('takes no further plan of another kind later', async () => {
    const paid = await makeArticle(db, { visibility: 'PAID' })
    const { id: paidRequirement } = await db.articleRequirement.findFirstOrThrow({ where: { articleId: paid.id } })
    expect(await attempt(`INSERT INTO article_requirement_plan VALUES (${q(paidRequirement)}, ${q(plan)})`)).toEqual({
      code: check,
      message: 'visibility PAID with 1 plans',
    })
    expect(await attempt(`INSERT INTO article_requirement_plan VALUES (${q(requirement)}, ${q(other)})`)).toBeNull()
  })

  test.each([
    ['a title of spaces', { title: '   ' }, 'article_has_title'],
    ['no title', { title: '' }, 'article_has_title'],
    ['no reading time', { reading_minutes: '0' }, 'article_takes_time'],
    ['another visibility', null, ''],
  ])('with %s is refused', async (_name, fields, constraint) => {
    if (fields) expect(await attempt(make(fields))).toEqual({ code: check, message: constraint })
    else expect(await attempt(make(), body, asks('SECRET'))).toMatchObject({ code: '22P02' })
  })

  test('takes no slug that another has', async () => {
    const { slug } = await makeArticle(db)
    expect(await attempt(make({ slug }))).toEqual({ code: uniqueness, message: 'article_slug_key' })
  })
})

describe('names', () => {
  const insert: Record<string, (slug: string) => string> = {
    author: (slug) => `INSERT INTO author VALUES (${q(randomUUID())}, ${q(slug)}, 'Name')`,
    tag: (slug) => `INSERT INTO tag VALUES (${q(randomUUID())}, ${q(slug)}, 'Name')`,
    series: (slug) => `INSERT INTO series VALUES (${q(randomUUID())}, ${q(slug)}, 'Name')`,
    plan: (slug) =>
      `INSERT INTO plan (id, slug, name, description, created_at) VALUES (${q(randomUUID())}, ${q(slug)}, 'Name', '', now())`,
  }
  const bad = ['', '-', 'a-', '-a', 'a--b', 'A', 'é', 'a b', 'a/b', 'a.b', '../a', 'a\n', '<b>', 'a'.repeat(201)]

  test.each(Object.keys(insert))('%s takes slugs that are fit for addresses only', async (table) => {
    for (const slug of bad) {
      expect(await attempt(insert[table]?.(slug) ?? '')).toEqual({ code: check, message: `${table}_slug_form` })
    }
    for (const slug of [`a-${unique()}`, `${unique()}-2`, 'a'.repeat(200)]) {
      expect(await attempt(insert[table]?.(slug) ?? '')).toBeNull()
    }
    const slug = unique()
    expect(await attempt(insert[table]?.(slug) ?? '', insert[table]?.(slug) ?? '')).toMatchObject({ code: uniqueness })
  })

  test('an article’s slug is no worse', async () => {
    for (const slug of bad) {
      expect(await attempt(`UPDATE article SET slug = ${q(slug)} WHERE id = ${q(article)}`)).toEqual({
        code: check,
        message: 'article_slug_form',
      })
    }
  })
})

describe('a membership', () => {
  interface Row {
    readonly status?: string
    readonly source?: string
    readonly started?: string
    readonly end?: string | null
    readonly grace?: string | null
    readonly ended?: string | null
    readonly cancelled?: boolean
    readonly planId?: string
  }
  let someone = ''
  beforeAll(async () => {
    someone = (await makeMember(db, { issuer })).id
  })
  const make = ({ status = 'ACTIVE', source = 'GIFT', started = '2026-01-01', end = '2027-01-01', ...row }: Row = {}) =>
    `INSERT INTO membership (id, member_id, plan_id, status, source, started_at, current_period_end, grace_ends_at, ended_at,
       cancel_at_period_end, changed_at, change_cause)
     VALUES (${q(randomUUID())}, ${q(someone)}, ${q(row.planId ?? plan)}, '${status}', '${source}', '${started}', ${q(end)},
       ${q(row.grace ?? null)}, ${q(row.ended ?? null)}, ${row.cancelled ?? false}, now(), 'test')`
  const endless = 'membership_without_end_is_complimentary'
  const forward = 'membership_period_runs_forward'
  const grace = 'membership_grace_is_for_payments'

  test.each<[string, Row, string | null]>([
    ['active', {}, null],
    ['past due within grace', { status: 'PAST_DUE', grace: '2027-01-09' }, null],
    ['past due without grace', { status: 'PAST_DUE' }, null],
    ['ended', { status: 'ENDED', ended: '2026-06-01' }, null],
    ['given for ever', { source: 'COMPLIMENTARY', end: null }, null],
    ['incomplete without an end', { status: 'INCOMPLETE', source: 'PAYMENT', end: null }, null],
    ['paid for ever', { source: 'PAYMENT', end: null }, endless],
    ['a gift for ever', { end: null }, endless],
    ['a trial for ever', { source: 'PAYMENT', status: 'TRIALING', end: null }, endless],
    ['over before it began', { end: '2025-12-31' }, forward],
    ['over as it began', { end: '2026-01-01' }, forward],
    ['ended without an instant', { status: 'ENDED' }, 'membership_ended_has_end'],
    ['active and ended', { ended: '2026-06-01' }, 'membership_ended_has_end'],
    ['paid, the next payment awaited', { source: 'PAYMENT', grace: '2027-01-09' }, null],
    ['paid, without a day to wait', { source: 'PAYMENT', grace: '2027-01-01' }, null],
    ['a trial, the first payment awaited', { source: 'PAYMENT', status: 'TRIALING', grace: '2027-01-09' }, null],
    ['a gift in grace', { grace: '2027-01-09' }, grace],
    ['given, in grace', { source: 'COMPLIMENTARY', grace: '2027-01-09' }, grace],
    ['grace that ends before the period', { source: 'PAYMENT', grace: '2026-12-31' }, grace],
    ['cancelled, in grace', { source: 'PAYMENT', grace: '2027-01-09', cancelled: true }, grace],
    [
      'cancelled trial in grace',
      { source: 'PAYMENT', status: 'TRIALING', grace: '2027-01-09', cancelled: true },
      grace,
    ],
    ['unpaid in grace', { source: 'PAYMENT', status: 'UNPAID', grace: '2027-01-09' }, grace],
    ['paused in grace', { source: 'PAYMENT', status: 'PAUSED', grace: '2027-01-09' }, grace],
    ['incomplete in grace', { source: 'PAYMENT', status: 'INCOMPLETE', grace: '2027-01-09' }, grace],
    ['ended in grace', { source: 'PAYMENT', status: 'ENDED', ended: '2026-06-01', grace: '2027-01-09' }, grace],
  ])('%s', async (_name, row, constraint) => {
    expect(await attempt(make(row))).toEqual(constraint && { code: check, message: constraint })
  })

  test.each(['TRIALING', 'ACTIVE', 'PAST_DUE', 'UNPAID', 'PAUSED'])('nobody pays twice: %s', async (status) => {
    const paid = make({ source: 'PAYMENT' })
    const again = make({ source: 'PAYMENT', status, planId: other })
    expect(await attempt(paid, again)).toEqual({ code: uniqueness, message: 'membership_one_paid' })
    expect(await attempt(paid, make({ planId: other }))).toBeNull()
  })

  test.each([
    ['ENDED', '2026-06-01'],
    ['INCOMPLETE', null],
  ])('paying again after %s is taken', async (status, ended) => {
    expect(await attempt(make({ source: 'PAYMENT', status, ended }), make({ source: 'PAYMENT' }))).toBeNull()
  })

  test('the same plan is given once', async () => {
    const given = make({ source: 'COMPLIMENTARY' })
    const again = make({ source: 'COMPLIMENTARY', status: 'PAUSED' })
    expect(await attempt(given, again)).toEqual({ code: uniqueness, message: 'membership_one_complimentary' })
    expect(await attempt(given, make({ source: 'COMPLIMENTARY', planId: other }))).toBeNull()
  })

  test('is never deleted and never passed on', async () => {
    const kept = { code: restrict, message: 'a membership keeps its member and its source' }
    const change = (what: string) => attempt(`UPDATE membership SET ${what} WHERE member_id = ${q(member)}`)
    expect(await attempt(`DELETE FROM membership WHERE member_id = ${q(member)}`)).toEqual({
      code: restrict,
      message: 'a membership ends, it is never deleted',
    })
    expect(await change(`member_id = ${q(someone)}`)).toEqual(kept)
    expect(await change(`source = 'PAYMENT'`)).toEqual(kept)
    expect(await change(`id = ${q(randomUUID())}`)).toEqual(kept)
    expect(await change(`status = 'PAUSED'`)).toBeNull()
  })

  test('is not forgotten by emptying the table', async () => {
    // With what refers to it: else a foreign key refuses before the trigger is asked.
    expect(await attempt('TRUNCATE membership, billing_subscription, gift')).toEqual({
      code: restrict,
      message: 'a membership ends, it is never deleted',
    })
  })
})

describe('what is sold', () => {
  const trial = (days: number) => `UPDATE plan SET trial_days = ${days} WHERE id = ${q(plan)}`
  const price = (amount: number, currency = 'EUR', archived = 'NULL') =>
    `INSERT INTO billing_price VALUES (${q(`price_${unique()}`)}, ${q(plan)}, 'YEARLY', ${amount}, ${q(currency)}, ${archived})`
  const promotion = (
    fields: Partial<Record<'code' | 'percent' | 'amount' | 'currency' | 'lasts' | 'months', string>>,
  ) => {
    const {
      code = 'SPRING',
      percent = 'NULL',
      amount = 'NULL',
      currency = 'NULL',
      lasts = 'ONCE',
      months = 'NULL',
    } = fields
    return `INSERT INTO promotion (code, percent_off, amount_off_minor, currency, duration, months, created_at)
      VALUES (${q(code)}, ${percent}, ${amount}, ${currency}, '${lasts}', ${months}, now())`
  }
  const half = { percent: '50' }
  const eur = `'EUR'`
  const gift = (redeemedAt: string, by: () => string, membership: () => string) =>
    `INSERT INTO gift (id, code, plan_id, "interval", amount_minor, currency, buyer_id, session_id, bought_at, redeemed_at, redeemed_by_id, membership_id)
     VALUES (${q(randomUUID())}, ${q(unique())}, ${q(plan)}, 'MONTHLY', 500, 'EUR', ${q(member)}, ${q(unique())}, now(),
       ${redeemedAt}, ${by()}, ${membership()})`
  const nothing = () => 'NULL'
  const somebody = () => q(member)
  const theirs = () => `(SELECT id FROM membership WHERE member_id = ${q(member)})`

  test.each<[string, () => string, string | null]>([
    ['no free days', () => trial(0), null],
    ['two years of free days', () => trial(730), null],
    ['free days for longer', () => trial(731), 'plan_trial_has_length'],
    ['less than no free days', () => trial(-1), 'plan_trial_has_length'],
    ['a price of nothing', () => price(0), null],
    ['a price below nothing', () => price(-1), 'billing_price_is_money'],
    ['a price in small letters', () => price(500, 'eur'), 'billing_price_is_money'],
    ['a price in two letters', () => price(500, 'EU'), 'billing_price_is_money'],
    ['the shortest code', () => promotion({ ...half, code: 'A1B' }), null],
    ['the longest code', () => promotion({ ...half, code: 'A'.repeat(40) }), null],
    ['a code of two', () => promotion({ ...half, code: 'AB' }), 'promotion_code_form'],
    ['a code too long', () => promotion({ ...half, code: 'A'.repeat(41) }), 'promotion_code_form'],
    ['a code in small letters', () => promotion({ ...half, code: 'spring' }), 'promotion_code_form'],
    ['a code of two words', () => promotion({ ...half, code: 'IN SPRING' }), 'promotion_code_form'],
    ['a code and a new line', () => promotion({ ...half, code: 'SPRING\n' }), 'promotion_code_form'],
    ['all of it off', () => promotion({ percent: '100' }), null],
    ['a cent off', () => promotion({ amount: '1', currency: eur }), null],
    ['nothing said to be off', () => promotion({}), 'promotion_is_percent_or_amount'],
    ['both off', () => promotion({ ...half, amount: '100', currency: eur }), 'promotion_is_percent_or_amount'],
    ['percent of a currency', () => promotion({ ...half, currency: eur }), 'promotion_is_percent_or_amount'],
    ['an amount of no currency', () => promotion({ amount: '100' }), 'promotion_is_percent_or_amount'],
    ['no percent off', () => promotion({ percent: '0' }), 'promotion_is_percent_or_amount'],
    ['more than all off', () => promotion({ percent: '101' }), 'promotion_is_percent_or_amount'],
    ['no cent off', () => promotion({ amount: '0', currency: eur }), 'promotion_is_percent_or_amount'],
    ['off for three months', () => promotion({ ...half, lasts: 'REPEATING', months: '3' }), null],
    ['off for ever', () => promotion({ ...half, lasts: 'FOREVER' }), null],
    ['off for months unsaid', () => promotion({ ...half, lasts: 'REPEATING' }), 'promotion_repeats_for_months'],
    ['off once for months', () => promotion({ ...half, months: '3' }), 'promotion_repeats_for_months'],
    [
      'off for ever for months',
      () => promotion({ ...half, lasts: 'FOREVER', months: '3' }),
      'promotion_repeats_for_months',
    ],
    ['a gift', () => gift('NULL', nothing, nothing), null],
    ['a gift redeemed', () => gift('now()', somebody, theirs), null],
    ['a gift redeemed by nobody', () => gift('now()', nothing, theirs), 'gift_redeemed_by_somebody'],
    ['a gift redeemed for nothing', () => gift('now()', somebody, nothing), 'gift_redeemed_by_somebody'],
    ['a gift of somebody at no time', () => gift('NULL', somebody, nothing), 'gift_redeemed_by_somebody'],
    ['a gift held at no time', () => gift('NULL', nothing, theirs), 'gift_redeemed_by_somebody'],
  ])('%s', async (_name, statement, constraint) => {
    expect(await attempt(statement())).toEqual(constraint && { code: check, message: constraint })
  })

  test('has one price at a time', async () => {
    const taken = { code: uniqueness, message: 'billing_price_on_sale' }
    expect(await attempt(price(500), price(600))).toEqual(taken)
    expect(await attempt(price(500, 'EUR', 'now()'), price(600))).toBeNull()
  })
})

describe('the small print', () => {
  test.each<[string, () => string[], string]>([
    [
      'a plan including itself',
      () => [`INSERT INTO plan_inclusion VALUES (${q(plan)}, ${q(plan)}, now(), true)`],
      'plan_inclusion_of_another',
    ],
    [
      'a negative price',
      () => [`UPDATE plan_price SET amount_minor = -1 WHERE plan_id = ${q(plan)}`],
      'plan_price_is_money',
    ],
    [
      'a currency in lower case',
      () => [`UPDATE plan_price SET currency = 'eur' WHERE plan_id = ${q(plan)}`],
      'plan_price_is_money',
    ],
    [
      'an identity without issuer',
      () => [`INSERT INTO identity VALUES ('', 'x', ${q(member)}, now())`],
      'identity_is_named',
    ],
    [
      'an identity without subject',
      () => [`INSERT INTO identity VALUES ('x', '', ${q(member)}, now())`],
      'identity_is_named',
    ],
    [
      'a very long subject',
      () => [`INSERT INTO identity VALUES ('x', repeat('x', 256), ${q(member)}, now())`],
      'identity_is_named',
    ],
    ['a negative count', () => [`INSERT INTO call_counter VALUES (${q(member)}, -1)`], 'call_counter_counts'],
    ['a second total', () => [`INSERT INTO call_total VALUES (2, 0)`], 'call_total_is_one_row'],
    ['a negative total', () => [`UPDATE call_total SET calls = -1`], 'call_total_is_one_row'],
  ])('%s is refused', async (_name, statements, constraint) => {
    expect(await attempt(...statements())).toEqual({ code: check, message: constraint })
  })

  test('an identity has one member', async () => {
    const subject = unique()
    const [ada, bea] = [await makeMember(db, { issuer, subject }), await makeMember(db, { issuer })]
    expect(ada.id).not.toBe(bea.id)
    expect(await attempt(`INSERT INTO identity VALUES (${q(issuer)}, ${q(subject)}, ${q(bea.id)}, now())`)).toEqual({
      code: uniqueness,
      message: 'identity_pkey',
    })
  })
})

test('no check of the migration was left untried', async () => {
  const checks = await db.$queryRaw<{ name: string }[]>`
    SELECT conname AS name FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace`
  expect(checks.length).toBeGreaterThan(15)
  expect(checks.map(({ name }) => name).filter((name) => !broken.has(name))).toEqual([])
})
