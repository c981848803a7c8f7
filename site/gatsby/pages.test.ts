import { describe, expect, test } from '@jest/globals'
import type { ListKind } from '../src/addresses/addresses.ts'
import { archiveSize, pageOfArticle, pageSize, pagesOf, pagesOfList, type PageSpec } from './pages.ts'
import type { BuiltArticle, Publication } from './publication.ts'

const named = (name: string) => ({ slug: name.toLowerCase().replaceAll(' ', '-'), name })
const article = (slug: string, change: Partial<BuiltArticle> = {}): BuiltArticle => ({
  id: `id-${slug}`,
  slug,
  title: `Title of ${slug}`,
  excerpt: 'Excerpt.',
  visibility: 'PUBLIC',
  publishedAt: '2026-03-05T10:00:00.000Z',
  lang: null,
  direction: 'AUTO',
  readingMinutes: 3,
  author: named('Ada'),
  tags: [],
  series: null,
  preview: '<p>Preview.</p>',
  requiredPlans: [],
  rest: '<p>Rest.</p>',
  ...change,
})
const publication = (articles: BuiltArticle[], change: Partial<Publication> = {}): Publication => ({
  membersOnly: false,
  articles,
  plans: [],
  ...change,
})
const many = (count: number, change: (index: number) => Partial<BuiltArticle> = () => ({})) =>
  Array.from({ length: count }, (_, index) => article(`a${index}`, change(index)))

type Of<Template extends PageSpec['template']> = Extract<PageSpec, { template: Template }>
const pagesWith = <Template extends PageSpec['template']>(pages: PageSpec[], template: Template) =>
  pages.filter((page): page is Of<Template> => page.template === template)
const lists = (pages: PageSpec[], kind: ListKind) =>
  pagesWith(pages, 'list').filter(({ context }) => context.kind === kind)
const paths = (pages: readonly PageSpec[]) => pages.map(({ path }) => path)
const slugs = (articles: readonly { slug: string }[]) => articles.map(({ slug }) => slug)

describe('an empty publication', () => {
  test.each([false, true])(
    'has a home, an archive, its indexes and the plans (for members only: %s)',
    (membersOnly) => {
      const plan = {
        ...named('Supporter'),
        id: 'p',
        description: '',
        benefits: ['All of it'],
        trialDays: 14,
        includes: [],
        monthly: null,
        yearly: null,
      }
      expect(pagesOf(publication([], { membersOnly, plans: [plan] }))).toEqual([
        {
          path: '/',
          template: 'home',
          context: {
            membersOnly,
            articles: [],
            paging: { page: 1, pages: 1, base: '/' },
            series: [],
            tags: [],
            authors: [],
          },
        },
        {
          path: '/articles/',
          template: 'archive',
          context: { membersOnly, count: 0, articles: [], paging: { page: 1, pages: 1, base: '/articles/' } },
        },
        { path: '/series/', template: 'index', context: { membersOnly, kind: 'series', items: [] } },
        { path: '/authors/', template: 'index', context: { membersOnly, kind: 'author', items: [] } },
        { path: '/tags/', template: 'index', context: { membersOnly, kind: 'tag', items: [] } },
        { path: '/plans/', template: 'plans', context: { plans: [plan] } },
      ])
    },
  )
})

test('the archive has a line of each article, a hundred on a page', () => {
  const archives = pagesWith(pagesOf(publication(many(archiveSize + 1))), 'archive')
  expect(paths(archives)).toEqual(['/articles/', '/articles/page/2/'])
  expect(archives.map(({ context }) => context.articles.length)).toEqual([archiveSize, 1])
  expect(archives[1]?.context.articles).toEqual([
    {
      slug: `a${archiveSize}`,
      title: `Title of a${archiveSize}`,
      lang: null,
      direction: 'AUTO',
      publishedAt: '2026-03-05T10:00:00.000Z',
      author: named('Ada'),
      visibility: 'PUBLIC',
    },
  ])
})

test('what is asked for one by one makes the pages that the build makes', () => {
  const all = many(25, (index) => ({ tags: [named('Essays')], series: index % 2 ? named('Walks') : null }))
  const pages = pagesOf(publication(all))
  const built = (path: string) => pages.find((page) => page.path === path)
  const inSeries = all.filter(({ series }) => series)
  for (const one of all) expect(pageOfArticle(one, one.series ? inSeries : [])).toEqual(built(`/articles/${one.slug}/`))
  for (const [kind, slug, members] of [
    ['tag', 'essays', all],
    ['author', 'ada', all],
    ['series', 'walks', inSeries],
  ] as const)
    expect(pagesOfList(kind, slug, members)).toEqual(lists(pages, kind))
  expect(pagesOfList('tag', 'walks', all)).toEqual([])
})

describe('the list of all', () => {
  test.each([
    [1, [1]],
    [pageSize, [pageSize]],
    [pageSize + 1, [pageSize, 1]],
    [3 * pageSize, [pageSize, pageSize, pageSize]],
  ])('of %d is split into %j', (count, parts) => {
    const homes = pagesWith(pagesOf(publication(many(count))), 'home')
    expect(homes.map(({ context }) => context.articles.length)).toEqual(parts)
    expect(paths(homes)).toEqual(parts.map((_, index) => (index === 0 ? '/' : `/page/${index + 1}/`)))
    expect(homes.map(({ context }) => context.paging)).toEqual(
      parts.map((_, index) => ({ page: index + 1, pages: parts.length, base: '/' })),
    )
    expect(homes.flatMap(({ context }) => slugs(context.articles))).toEqual(slugs(many(count)))
  })

  test('has of each article what a list shows, and no text', () => {
    const [home] = pagesWith(pagesOf(publication([article('one')])), 'home')
    expect(home?.context.articles).toEqual([
      {
        id: 'id-one',
        slug: 'one',
        title: 'Title of one',
        excerpt: 'Excerpt.',
        visibility: 'PUBLIC',
        publishedAt: '2026-03-05T10:00:00.000Z',
        lang: null,
        direction: 'AUTO',
        readingMinutes: 3,
        author: named('Ada'),
        tags: [],
        series: null,
      },
    ])
  })

  test('knows what else there is, by name, with counts', () => {
    const articles = [
      article('one', { tags: [named('Walks'), named('Essays')], series: named('Zoo') }),
      article('two', { tags: [named('Essays')], author: named('Émile') }),
      article('three', { series: named('Zoo'), author: named('Zoë') }),
    ]
    const [home] = pagesWith(pagesOf(publication(articles)), 'home')
    expect(home?.context).toMatchObject({
      series: [{ slug: 'zoo', name: 'Zoo', count: 2 }],
      tags: [
        { slug: 'essays', name: 'Essays', count: 2 },
        { slug: 'walks', name: 'Walks', count: 1 },
      ],
      authors: [
        { slug: 'ada', name: 'Ada', count: 1 },
        { slug: 'émile', name: 'Émile', count: 1 },
        { slug: 'zoë', name: 'Zoë', count: 1 },
      ],
    })
  })
})

describe('lists by tag, author and series', () => {
  test.each([
    ['tag', '/tags/walks/', 'newest first', ['new', 'middle', 'old']],
    ['author', '/authors/ada/', 'newest first', ['new', 'middle', 'old']],
    ['series', '/series/walks/', 'in the order to read it', ['old', 'middle', 'new']],
  ] as const)('%s at %s, %s', (kind, path, _order, order) => {
    const walks = named('Walks')
    const articles = ['new', 'middle', 'old'].map((slug) => article(slug, { tags: [walks], series: walks }))
    const other = article('other', { author: named('Bea') })
    const [list, ...more] = lists(pagesOf(publication([other, ...articles])), kind).filter(
      ({ context }) => context.slug !== 'bea',
    )
    expect(more).toEqual([])
    expect(list).toMatchObject({ path, context: { kind, count: 3, paging: { page: 1, pages: 1, base: path } } })
    expect(slugs(list?.context.articles ?? [])).toEqual(order)
  })

  test.each(['tag', 'author', 'series'] as const)('%s: longer than a page, they are split', (kind) => {
    const one = named('One')
    const found = lists(pagesOf(publication(many(45, () => ({ tags: [one], series: one, author: one })))), kind)
    const base = { tag: '/tags/one/', author: '/authors/one/', series: '/series/one/' }[kind]
    expect(paths(found)).toEqual([base, `${base}page/2/`, `${base}page/3/`])
    expect(found.map(({ context }) => [context.articles.length, context.count])).toEqual([
      [20, 45],
      [20, 45],
      [5, 45],
    ])
  })

  test('what nobody has is no list', () => {
    const pages = pagesOf(publication([article('one')]))
    expect(paths(pagesWith(pages, 'list'))).toEqual(['/authors/ada/'])
  })

  test('the same name for a tag and a series makes two lists', () => {
    const pages = pagesOf(publication([article('one', { tags: [named('Walks')], series: named('Walks') })]))
    expect(paths(pagesWith(pages, 'list'))).toEqual(['/series/walks/', '/tags/walks/', '/authors/ada/'])
  })
})

test('a list knows which plans open what is for some of them, and no text', () => {
  const some = { visibility: 'PLANS', rest: null, requiredPlans: [named('Supporter'), named('Patron')] } as const
  const paid = { visibility: 'PAID', rest: null, requiredPlans: [named('Supporter')] } as const
  const [home] = pagesWith(pagesOf(publication([article('some', some), article('paid', paid)])), 'home')
  expect(home?.context.articles.map(({ openedBy }) => openedBy)).toEqual([['supporter', 'patron'], undefined])
  expect(JSON.stringify(home)).not.toContain('Preview')
})

describe('the page of an article', () => {
  const around = (articles: BuiltArticle[]) =>
    Object.fromEntries(
      pagesWith(pagesOf(publication(articles)), 'article').map(({ context: { article: one, previous, next } }) => [
        one.slug,
        [previous?.slug ?? null, next?.slug ?? null],
      ]),
    )

  test('has it whole, at its address', () => {
    const one = article('one', { visibility: 'PLANS', rest: null, requiredPlans: [named('Supporter')] })
    expect(pagesWith(pagesOf(publication([one])), 'article')).toEqual([
      { path: '/articles/one/', template: 'article', context: { article: one, previous: null, next: null } },
    ])
  })

  test('leads through its series in the order to read it', () => {
    const walks = { series: named('Walks') }
    const articles = [article('third', walks), article('alone'), article('second', walks), article('first', walks)]
    expect(around(articles)).toEqual({
      first: [null, 'second'],
      second: ['first', 'third'],
      third: ['second', null],
      alone: [null, null],
    })
  })

  test('leads nowhere in a series of one, or in another series', () => {
    expect(around([article('one', { series: named('A') }), article('two', { series: named('B') })])).toEqual({
      one: [null, null],
      two: [null, null],
    })
  })

  test('names its neighbours, with the language of each name', () => {
    const walks = { series: named('Walks') }
    const arabic = { lang: 'ar', direction: 'RTL' } as const
    const [, first] = pagesWith(
      pagesOf(publication([article('second', { ...walks, ...arabic }), article('first', walks)])),
      'article',
    )
    expect(first?.context.next).toEqual({ slug: 'second', title: 'Title of second', ...arabic })
  })
})

test('5,000 articles, each address once', () => {
  const articles = many(5_000, (index) => ({
    author: named(`Author ${index % 50}`),
    tags: [named(`Tag ${index % 10}`), named(`Tag ${10 + (index % 7)}`)],
    series: index % 4 === 0 ? named(`Series ${index % 400}`) : null,
  }))
  const pages = pagesOf(publication(articles))
  expect(new Set(paths(pages)).size).toBe(pages.length)
  expect(pagesWith(pages, 'article')).toHaveLength(5_000)
  expect(pagesWith(pages, 'home')).toHaveLength(250)
  // 50 authors of 100 each, ten tags of 500 and seven of 714 or 715, and 100 series of 12 or 13.
  const counts = (['author', 'tag', 'series'] as const).map((kind) => lists(pages, kind).length)
  expect(counts).toEqual([50 * 5, 10 * 25 + 7 * 36, 100])
  // The data of a page must not grow with the publication, because browsers fetch it whole.
  for (const { context } of pagesWith(pages, 'list')) expect(context.articles.length).toBeLessThanOrEqual(pageSize)
})
