import { expect, test } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import {
  articlesForComparison,
  findOtherSpellings,
  prepareArticle,
  publishArticle,
  type PreparedArticle,
} from '../src/content/publishing/index.ts'
import { slugify } from '../src/content/publishing/slug.ts'
import { onRealPostgres, testDatabase } from './support/database.ts'
import { makePlan, unique } from './support/factories.ts'

const db = await testDatabase()
/** In the past, because a requirement must not start after the database's own time. */
const now = new Date('2026-10-01T10:00:00.000Z')
const later = (seconds: number): Date => new Date(now.getTime() + seconds * 1000)

interface Writing {
  readonly slug: string
  readonly visibility?: string
  readonly status?: string
  readonly publishedAt?: string
  readonly tags?: string
  readonly author?: string
  readonly body?: string
}

function written({
  slug,
  visibility = 'paid',
  status = 'published',
  publishedAt = '2026-08-03T07:00:00Z',
  tags = 'one, two',
  author = 'Ann Author',
  body = 'Public.\n\n<!--more-->\n\nPaid.',
}: Writing): PreparedArticle {
  const front = { title: `Title of ${slug}`, slug, author, tags: `[${tags}]`, visibility, status, publishedAt }
  const lines = Object.entries(front).map(([key, value]) => `${key}: ${value}`)
  const prepared = prepareArticle(`${slug}.md`, new TextEncoder().encode(`---\n${lines.join('\n')}\n---\n${body}`))
  if ('problems' in prepared) throw new Error(JSON.stringify(prepared.problems))
  return prepared
}

const newSlug = (): string => `written-${unique()}`

async function requirementsOf(slug: string): Promise<string[]> {
  const rows = await db.articleRequirement.findMany({
    where: { article: { slug } },
    orderBy: { validFrom: 'asc' },
    select: { visibility: true, validFrom: true },
  })
  // The first requirement is in force from the publication on.
  return rows.map(({ visibility, validFrom }, index) =>
    index === 0 ? `${visibility} ${validFrom.toISOString()}` : `${visibility} ${validFrom.getTime() - now.getTime()}`,
  )
}

test('an article is stored with all its parts', async () => {
  const slug = newSlug()
  const plan = await makePlan(db)
  const article = written({ slug, visibility: `plan:${plan.slug}`, tags: `z-${slug}, a-${slug}` })
  expect(await publishArticle(db, article, now)).toEqual({ outcome: 'created', builtSiteKeeps: null })
  const stored = (await articlesForComparison(db, [slug], new Date())).get(slug)
  expect(stored).toEqual({
    sourceHash: article.sourceHash,
    title: `Title of ${slug}`,
    lang: null,
    cover: null,
    author: 'Ann Author',
    series: null,
    tags: [`z-${slug}`, `a-${slug}`],
    visibility: `plan:${plan.slug}`,
    publishedAt: new Date('2026-08-03T07:00:00Z'),
    excerpt: 'Public.',
    previewHtml: '<p>Public.</p>\n',
    restHtml: '<p>Paid.</p>',
    extra: {},
  })
  const body = await db.articleBody.findFirst({ where: { article: { slug } }, select: { html: true } })
  expect(body?.html).toBe('<p>Public.</p>\n<p>Paid.</p>')
})

test('publishing an unchanged article writes nothing', async () => {
  const slug = newSlug()
  await publishArticle(db, written({ slug }), now)
  const before = await db.article.findUnique({ where: { slug } })
  const again = await publishArticle(db, written({ slug }), later(60))
  expect(again).toEqual({ outcome: 'unchanged', builtSiteKeeps: null })
  expect(await db.article.findUnique({ where: { slug } })).toEqual(before)
  expect(await requirementsOf(slug)).toEqual(['PAID 2026-08-03T07:00:00.000Z'])
})

test('a new text keeps the requirement', async () => {
  const slug = newSlug()
  await publishArticle(db, written({ slug, tags: `a-${slug}, b-${slug}` }), now)
  const changed = written({ slug, body: 'New.\n\n<!--more-->\n\nPaid anew.', tags: `b-${slug}, c-${slug}` })
  expect(await publishArticle(db, changed, later(60))).toEqual({ outcome: 'updated', builtSiteKeeps: null })
  const stored = (await articlesForComparison(db, [slug], new Date())).get(slug)
  expect(stored).toMatchObject({
    previewHtml: '<p>New.</p>\n',
    restHtml: '<p>Paid anew.</p>',
    tags: [`b-${slug}`, `c-${slug}`],
  })
  expect(await requirementsOf(slug)).toEqual(['PAID 2026-08-03T07:00:00.000Z'])
})

test('each change of the requirement is added', async () => {
  const slug = newSlug()
  const plan = await makePlan(db)
  const flips = ['public', 'paid', 'members', `plan:${plan.slug}`, 'public', 'public']
  for (const visibility of flips) await publishArticle(db, written({ slug, visibility }), now)
  await publishArticle(db, written({ slug, visibility: 'paid' }), later(5))
  expect(await requirementsOf(slug)).toEqual([
    'PUBLIC 2026-08-03T07:00:00.000Z',
    'PAID 0',
    'MEMBERS 1',
    'PLANS 2',
    'PUBLIC 3',
    'PAID 5000',
  ])
})

test('replaces a requirement that was changed elsewhere', async () => {
  const slug = newSlug()
  await publishArticle(db, written({ slug, visibility: 'paid' }), now)
  const { id } = await db.article.findUniqueOrThrow({ where: { slug }, select: { id: true } })
  await db.articleRequirement.create({
    data: { id: crypto.randomUUID(), articleId: id, visibility: 'PUBLIC', validFrom: later(1) },
  })
  expect(await publishArticle(db, written({ slug, visibility: 'paid' }), later(2))).toEqual({
    outcome: 'updated',
    builtSiteKeeps: 'text',
  })
  expect(await requirementsOf(slug)).toEqual(['PAID 2026-08-03T07:00:00.000Z', 'PUBLIC 1000', 'PAID 2000'])
})

test('refuses a change before a scheduled one', async () => {
  const slug = newSlug()
  await publishArticle(db, written({ slug, visibility: 'public' }), now)
  const { id } = await db.article.findUniqueOrThrow({ where: { slug }, select: { id: true } })
  const validFrom = new Date(Date.now() + 86_400_000)
  await db.articleRequirement.create({
    data: { id: crypto.randomUUID(), articleId: id, visibility: 'MEMBERS', validFrom },
  })
  const locking = publishArticle(db, written({ slug, visibility: 'paid' }), new Date())
  await expect(locking).rejects.toMatchObject({
    code: 'CONFLICT',
    message: `The visibility of this article already changes at ${validFrom.toISOString()}.`,
  })
})

test('a publisher’s clock that is ahead does not open the new text', async () => {
  const slug = newSlug()
  await publishArticle(db, written({ slug, visibility: 'public' }), now)
  await publishArticle(
    db,
    written({ slug, visibility: 'paid', body: 'New.\n\n<!--more-->\n\nPaid.' }),
    new Date(Date.now() + 3_600_000),
  )
  const last = await db.articleRequirement.findFirst({ where: { article: { slug } }, orderBy: { validFrom: 'desc' } })
  expect(last?.visibility).toBe('PAID')
  expect(last?.validFrom.getTime()).toBeLessThan(Date.now() + 60_000)
})

test.each([
  ['public', 'published', 'paid', 'published', 'text'],
  ['public', 'published', 'members', 'published', 'text'],
  ['public', 'published', 'public', 'draft', 'text'],
  ['paid', 'published', 'paid', 'draft', 'teaser'],
  ['paid', 'published', 'public', 'published', null],
  ['public', 'draft', 'paid', 'published', null],
])('D12 from %s %s to %s %s the built site keeps: %s', async (visibility, status, nextVisibility, nextStatus, kept) => {
  const slug = newSlug()
  await publishArticle(db, written({ slug, visibility, status }), now)
  const next = await publishArticle(db, written({ slug, visibility: nextVisibility, status: nextStatus }), later(1))
  expect(next).toEqual({ outcome: 'updated', builtSiteKeeps: kept })
})

test('a scheduled article is not on the built site', async () => {
  const slug = newSlug()
  await publishArticle(db, written({ slug, visibility: 'public', publishedAt: '2099-01-01T00:00:00Z' }), now)
  const next = await publishArticle(db, written({ slug, visibility: 'paid' }), later(1))
  expect(next.builtSiteKeeps).toBeNull()
})

test('refuses unknown plans with file and line', async () => {
  const slug = newSlug()
  const plan = await makePlan(db)
  const article = written({ slug, visibility: `plan:nope-${slug},${plan.slug}` })
  await expect(publishArticle(db, article, now)).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    message: expect.stringMatching(
      new RegExp(`^${slug}\\.md:6: visibility: there is no plan nope-${slug}; .*${plan.slug}`),
    ),
  })
  expect(await db.article.count({ where: { slug } })).toBe(0)
})

const tagNamed = (slug: string) => db.tag.findUniqueOrThrow({ where: { slug }, select: { name: true } })

test('adopts a new spelling of an author with one article', async () => {
  const slug = newSlug()
  await publishArticle(db, written({ slug, author: `ann ${slug}` }), now)
  await publishArticle(db, written({ slug, author: `Änn ${slug}` }), later(1))
  expect(await db.author.findMany({ where: { slug: `ann-${slug}` }, select: { name: true } })).toEqual([
    { name: `Änn ${slug}` },
  ])
})

test('D26 reports another spelling and does not rename', async () => {
  const [slug, other] = [newSlug(), newSlug()]
  const again = written({ slug: other, tags: `gardens ${slug}`, author: `ANN ${slug}` })
  await publishArticle(db, written({ slug, tags: `Gardens ${slug}`, author: `Ann ${slug}` }), now)
  await publishArticle(db, again, later(1))
  expect(await tagNamed(`gardens-${slug}`)).toEqual({ name: `Gardens ${slug}` })
  expect((await articlesForComparison(db, [other], now)).get(other)).toMatchObject({
    author: `Ann ${slug}`,
    tags: [`Gardens ${slug}`],
  })
  expect(await findOtherSpellings(db, [again])).toEqual([
    {
      path: `${other}.md`,
      line: 4,
      message: `author: "ANN ${slug}" is stored as "Ann ${slug}"`,
      others: 1,
    },
    {
      path: `${other}.md`,
      line: 5,
      message: `tags: "gardens ${slug}" is stored as "Gardens ${slug}"`,
      others: 1,
    },
  ])
})

test('changes a spelling for all articles on request', async () => {
  const [slug, other] = [newSlug(), newSlug()]
  await publishArticle(db, written({ slug, tags: `Gardens ${slug}` }), now)
  await publishArticle(db, written({ slug: other, tags: `gardens ${slug}` }), later(1), { rename: true })
  expect(await tagNamed(`gardens-${slug}`)).toEqual({ name: `gardens ${slug}` })
})

test('C, C++ and C# are three tags', async () => {
  const [slug, old] = [newSlug(), unique().replace(/\d/g, 'x')]
  await db.tag.create({ data: { id: randomUUID(), slug: old, name: `${old}++` } })
  await publishArticle(db, written({ slug, tags: `${old}, ${old}++, "${old}#"` }), now)
  await publishArticle(db, written({ slug: newSlug(), tags: `"${old}#", ${old}++, ${old}` }), now)
  const tags = await db.tag.findMany({ where: { name: { startsWith: old } }, orderBy: { slug: 'asc' } })
  expect(tags.map((tag) => [tag.slug, tag.name])).toEqual([
    [old, `${old}++`],
    [`${old}-2`, old],
    [`${old}-sharp`, `${old}#`],
  ])
})

test.each(['王小明', 'محمود درويش', 'יהודה עמיחי', 'สุนทรภู่', 'Владимир Набоков'])(
  '%s is an author, a tag and a slug',
  async (name) => {
    const slug = slugify(name)
    const article = written({ slug, author: name, tags: name })
    expect(await publishArticle(db, article, now)).toMatchObject({ outcome: 'created' })
    expect(
      await db.article.findUnique({ where: { slug: slug.normalize('NFC') }, select: { author: true } }),
    ).toMatchObject({
      author: { name, slug },
    })
    expect(await tagNamed(slug)).toEqual({ name })
  },
)

test.each([
  ['is new', undefined, null, 'created'],
  ['is as it was', 'Seen.', 'Seen.', 'updated'],
])('publishes an article that %s since it was read', async (_, stored, seen, outcome) => {
  const slug = newSlug()
  const bodyOf = (text: string) => written({ slug, body: `${text}\n\n<!--more-->\n\nPaid.` })
  if (stored !== undefined) await publishArticle(db, bodyOf(stored), now)
  const seenHash = seen === null ? null : bodyOf(seen).sourceHash
  expect(await publishArticle(db, bodyOf('Mine.'), later(1), { seenHash })).toMatchObject({ outcome })
})

test.each([
  ['a draft', { status: 'draft' }],
  ['what is to be published', { publishedAt: '2099-01-01T00:00:00Z' }],
])('compares with the whole text of %s', async (_, fields) => {
  const slug = newSlug()
  await publishArticle(db, written({ slug, ...fields }), now)
  expect((await articlesForComparison(db, [slug], now)).get(slug)?.restHtml).toBe('<p>Paid.</p>')
})

test.each([
  ['came', 'Other.', null],
  ['changed', 'Other.', 'Seen.'],
  ['went', undefined, 'Seen.'],
])('D09 an article that %s since it was read is a conflict', async (_, stored, seen) => {
  const slug = newSlug()
  const bodyOf = (text: string) => written({ slug, body: `${text}\n\n<!--more-->\n\nPaid.` })
  if (stored !== undefined) await publishArticle(db, bodyOf(stored), now)
  const seenHash = seen === null ? null : bodyOf(seen).sourceHash
  await expect(publishArticle(db, bodyOf('Mine.'), later(1), { seenHash })).rejects.toMatchObject({
    code: 'CONFLICT',
    message: `The article "${slug}" was changed by somebody else at the same time. Check the changes and try again.`,
  })
})

const onRealPostgresOnly = onRealPostgres ? test : test.skip

onRealPostgresOnly('D09 parallel publishers of one slug take turns', async () => {
  const slug = newSlug()
  const versions = Array.from({ length: 12 }, (_, index) =>
    written({
      slug,
      body: `Version ${index % 3}.\n\n<!--more-->\n\nRest ${index % 3}.`,
      visibility: index % 2 ? 'paid' : 'members',
    }),
  )
  const results = await Promise.all(versions.map((article) => publishArticle(db, article, now)))
  expect(results.filter(({ outcome }) => outcome === 'created')).toHaveLength(1)
  const stored = (await articlesForComparison(db, [slug], new Date())).get(slug)
  const version = /Version (\d)/.exec(stored?.previewHtml ?? '')?.[1]
  expect(stored?.restHtml).toBe(`<p>Rest ${version}.</p>`)
  const last = versions.find(({ sourceHash }) => sourceHash === stored?.sourceHash)
  expect(stored?.visibility).toBe(last?.requirement.visibility.toLowerCase())
})

onRealPostgresOnly('parallel publishers share new tags and authors', async () => {
  const name = unique()
  const articles = Array.from({ length: 10 }, (_, index) => {
    const tags = [`a ${name}`, `b ${name}`, `c ${name}`]
    return written({ slug: newSlug(), author: `new ${name}`, tags: (index % 2 ? tags : tags.reverse()).join(', ') })
  })
  const results = await Promise.all(articles.map((article) => publishArticle(db, article, now)))
  expect(results.map(({ outcome }) => outcome)).toEqual(articles.map(() => 'created'))
  expect(await db.tag.count({ where: { name: { endsWith: name } } })).toBe(3)
})
