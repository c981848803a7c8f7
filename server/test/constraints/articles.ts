import { randomUUID } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { makeArticle, unique } from '../support/factories.ts'
import { attempt, check, q, restrict, uniqueness } from './attempt.ts'
import { article, author, db, other, plan, requirement } from './rows.ts'

describe('an article', () => {
  const id = randomUUID()
  const make = (fields: Partial<Record<'slug' | 'title' | 'reading_minutes', string>> = {}) => {
    const { slug = `article-${unique()}`, title = 'Title', reading_minutes = '1' } = fields
    return `INSERT INTO article (id, slug, title, excerpt, preview_html, reading_minutes, author_id, source_hash, created_at, updated_at)
      VALUES (${q(id)}, ${q(slug)}, ${q(title)}, '', '', ${reading_minutes}, ${q(author)}, '', now(), now())`
  }
  const body = `INSERT INTO article_body (article_id, html, rest) VALUES (${q(id)}, '', '')`
  const requirementId = randomUUID()
  const requirementOf = (visibility: string) =>
    `INSERT INTO article_requirement (id, article_id, visibility, valid_from)
     VALUES (${q(requirementId)}, ${q(id)}, '${visibility}', now())`
  const names = () => `INSERT INTO article_requirement_plan VALUES (${q(requirementId)}, ${q(plan)})`
  const notWhole = {
    code: check,
    message: expect.stringMatching(/^article article-\w+ has no requirement or no body$/),
  }

  test('is accepted with body and requirement, in any order', async () => {
    expect(await attempt(make(), requirementOf('PUBLIC'), body)).toBeNull()
    expect(await attempt(make(), body, requirementOf('PAID'))).toBeNull()
  })

  test.each([
    ['without a body', () => [make(), requirementOf('PUBLIC')]],
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
  ])('with %s and %i plans is refused', async (visibility, count) => {
    const statements = [make(), body, requirementOf(visibility), ...(count ? [names()] : [])]
    expect(await attempt(...statements)).toEqual({
      code: check,
      message: `visibility ${visibility} with ${count} plans`,
    })
  })

  test('refuses further plans that do not fit its visibility', async () => {
    const paid = await makeArticle(db, { visibility: 'PAID' })
    const { id: paidRequirement } = await db.articleRequirement.findFirstOrThrow({ where: { articleId: paid.id } })
    expect(await attempt(`INSERT INTO article_requirement_plan VALUES (${q(paidRequirement)}, ${q(plan)})`)).toEqual({
      code: check,
      message: 'visibility PAID with 1 plans',
    })
    expect(await attempt(`INSERT INTO article_requirement_plan VALUES (${q(requirement)}, ${q(other)})`)).toBeNull()
  })

  test.each([
    ['a blank title', { title: '   ' }, 'article_has_title'],
    ['no title', { title: '' }, 'article_has_title'],
    ['no reading time', { reading_minutes: '0' }, 'article_takes_time'],
    ['another visibility', null, ''],
  ])('with %s is refused', async (_name, fields, constraint) => {
    if (fields) expect(await attempt(make(fields))).toEqual({ code: check, message: constraint })
    else expect(await attempt(make(), body, requirementOf('SECRET'))).toMatchObject({ code: '22P02' })
  })

  test('refuses a slug of another article', async () => {
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
  const bad = ['', '-', 'a-', '-a', 'a--b', 'A', 'a b', 'a/b', 'a.b', '../a', 'a\n', '<b>', 'a'.repeat(201)]
  // Slugs of plans are ASCII. All others can have letters of any script.
  const inAnyScript = ['é', '李白', 'שלום-עולם', 'สวัสดี-ที่นี่', 'がぎ', '한국어', '字'.repeat(66)]
  const badInAnyScript = ['e\u0301', 'a\u200bb', 'a\u202eb', 'a\u00a0b', '\u3164', 'a\u{e0041}', '字'.repeat(67)]

  test.each(Object.keys(insert))('%s refuses slugs that do not fit a URL', async (table) => {
    const isPlan = table === 'plan'
    for (const slug of [...bad, ...badInAnyScript, ...(isPlan ? inAnyScript : [])]) {
      expect(await attempt(insert[table]?.(slug) ?? '')).toEqual({ code: check, message: `${table}_slug_form` })
    }
    for (const slug of [`a-${unique()}`, `${unique()}-2`, 'a'.repeat(200), ...(isPlan ? [] : inAnyScript)]) {
      expect(await attempt(insert[table]?.(slug) ?? '')).toBeNull()
    }
    const slug = unique()
    expect(await attempt(insert[table]?.(slug) ?? '', insert[table]?.(slug) ?? '')).toMatchObject({ code: uniqueness })
  })

  test('an article refuses slugs that do not fit a URL', async () => {
    for (const slug of inAnyScript) {
      expect(await attempt(`UPDATE article SET slug = ${q(slug)} WHERE id = ${q(article)}`)).toBeNull()
    }
    for (const slug of [...bad, ...badInAnyScript]) {
      expect(await attempt(`UPDATE article SET slug = ${q(slug)} WHERE id = ${q(article)}`)).toEqual({
        code: check,
        message: 'article_slug_form',
      })
    }
  })
})
