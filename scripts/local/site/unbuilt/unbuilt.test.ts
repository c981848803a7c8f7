import { expect, test } from '@jest/globals'
import type { PageSpec } from '../../../../site/gatsby/pages.ts'
import { unbuiltAddressOf, type FoundPage, type UnbuiltAddress } from './find-page.ts'
import { createUnbuilt, unbuiltLimits } from './unbuilt.ts'

const plans = (path: string): PageSpec => ({ path, template: 'plans', context: { plans: [] } })

/** An API that knows `new` alone, with a clock that stands still. */
function setUp(answer: (address: UnbuiltAddress) => Promise<FoundPage> = known) {
  const asked: UnbuiltAddress[] = []
  const state = { now: 0, asked }
  const { look } = createUnbuilt({
    find: (address) => {
      asked.push(address)
      return answer(address)
    },
    render: ({ path }) => (path === '/broken/' ? Promise.reject(new Error('no bundle')) : Promise.resolve(`<${path}>`)),
    now: () => state.now,
  })
  return { look, state }
}

const known = ({ slug }: UnbuiltAddress): Promise<FoundPage> =>
  Promise.resolve(slug === 'new' ? plans('/new/') : slug === 'broken' ? plans('/broken/') : 'missing')

test.each([
  ['/articles/new/', { kind: 'article', slug: 'new', page: 1 }],
  ['/tags/new/', { kind: 'tag', slug: 'new', page: 1 }],
  ['/authors/new/page/2/', { kind: 'author', slug: 'new', page: 2 }],
  ['/series/new/page/25/', { kind: 'series', slug: 'new', page: 25 }],
  ['/tags/new/page/1/', null],
  ['/tags/new/page/0/', null],
  ['/tags/new/page/26/', null],
  ['/tags/new/page/02/', null],
  ['/tags/new/page/2', null],
  ['/articles/new/page/2/', null],
  ['/articles/', null],
  ['/plans/new/', null],
  ['/articles/new/more/', null],
])('%s is read as %j', (path, address) => {
  expect(unbuiltAddressOf(path)).toEqual(address)
})

test('a published page is answered, and its data where the router asks for them', async () => {
  const { look } = setUp()
  expect(await look('/articles/new/')).toEqual({ kind: 'page', type: 'text/html; charset=utf-8', content: '</new/>' })
  const data = await look('/page-data/articles/new/page-data.json')
  expect(data).toMatchObject({ kind: 'page', type: 'application/json; charset=utf-8' })
  expect(JSON.parse(data?.kind === 'page' ? data.content : '')).toEqual({
    componentChunkName: 'component---src-templates-plans-tsx',
    path: '/new/',
    result: { pageContext: { plans: [] } },
    staticQueryHashes: [],
    slicesMap: {},
  })
})

test('what cannot be published is missing without a question', async () => {
  const { look, state } = setUp()
  for (const path of ['/articles/Not a slug/', '/tags/a/b/', `/articles/${'a'.repeat(300)}/`])
    expect(await look(path)).toEqual({ kind: 'missing' })
  expect(await look('/plans/new/')).toBeNull()
  expect(await look('/page-data/plans/page-data.json')).toBeNull()
  expect(state.asked).toEqual([])
})

test('an address that does not exist is remembered for a while, and no longer', async () => {
  const { look, state } = setUp()
  for (const _again of [1, 2, 3]) expect(await look('/articles/never/')).toEqual({ kind: 'missing' })
  expect(state.asked).toHaveLength(1)
  state.now += unbuiltLimits.missing.milliseconds
  expect(await look('/articles/never/')).toEqual({ kind: 'missing' })
  expect(state.asked).toHaveLength(2)
})

/** The page of an article, with the text after its preview or without. */
const article = (rest: string | null): PageSpec =>
  ({
    path: '/new/',
    template: 'article',
    context: { article: { slug: 'new', preview: 'the preview', rest }, previous: null, next: null },
  }) as unknown as PageSpec

test('a page of a preview is kept for a moment, and no longer', async () => {
  const { look, state } = setUp(() => Promise.resolve(article(null)))
  for (const _again of [1, 2, 3]) expect(await look('/articles/new/')).toMatchObject({ kind: 'page' })
  expect(state.asked).toHaveLength(1)
  state.now += unbuiltLimits.kept.milliseconds
  await look('/articles/new/')
  expect(state.asked).toHaveLength(2)
})

test('a whole text is never kept: the article may have been locked since', async () => {
  let rest: string | null = 'the rest of a public text'
  const { look, state } = setUp(() => Promise.resolve(article(rest)))
  const data = '/page-data/articles/new/page-data.json'
  expect(JSON.stringify(await look(data))).toContain('the rest')
  rest = null
  for (const _again of [1, 2]) expect(JSON.stringify(await look(data))).not.toContain('the rest')
  expect(state.asked).toHaveLength(2)
})

test('readers of what exists are answered while a stranger makes up addresses', async () => {
  const { look, state } = setUp(({ slug }) => Promise.resolve(slug === 'new' ? article('public') : 'missing'))
  await look('/articles/new/')
  for (let second = 0; second < 20; second++) {
    for (let index = 0; index < 50; index++) await look(`/articles/made-up-${second}-${index}/`)
    expect(await look('/articles/new/')).toMatchObject({ kind: 'page' })
    state.now += 1_000
  }
})

test('questions for one address at one time are one look-up', async () => {
  const { look, state } = setUp()
  const answers = await Promise.all(Array.from({ length: 50 }, () => look('/articles/new/')))
  expect(answers.every((answer) => answer?.kind === 'page')).toBe(true)
  expect(state.asked).toHaveLength(1)
})

const unknown = { kind: 'unknown', retryAfterSeconds: unbuiltLimits.retryAfterSeconds }

test('more addresses at one time than the limit are not looked up', async () => {
  const open: (() => void)[] = []
  const { look, state } = setUp(() => new Promise((resolve) => open.push(() => resolve('missing'))))
  const waiting = Array.from({ length: unbuiltLimits.ofUnknown.atOnce }, (_, index) => look(`/articles/a${index}/`))
  expect(await look('/articles/one-more/')).toEqual(unknown)
  for (const end of open) end()
  expect(await Promise.all(waiting)).toEqual(waiting.map(() => ({ kind: 'missing' })))
  expect(state.asked).toHaveLength(unbuiltLimits.ofUnknown.atOnce)
})

test('however many addresses a stranger makes up, the API is asked for a bounded number', async () => {
  const { look, state } = setUp()
  const answers = []
  for (let index = 0; index < 500; index++) answers.push(await look(`/articles/made-up-${index}/`))
  expect(state.asked).toHaveLength(unbuiltLimits.ofUnknown.burst)
  expect(answers.slice(unbuiltLimits.ofUnknown.burst)).toEqual(Array(500 - unbuiltLimits.ofUnknown.burst).fill(unknown))
  state.now += 10_000
  for (let index = 0; index < 500; index++) await look(`/articles/more-${index}/`)
  expect(state.asked).toHaveLength(unbuiltLimits.ofUnknown.burst + 10 * unbuiltLimits.ofUnknown.perSecond)
})

test('an API that cannot say and a page that is not rendered are no statement about the page', async () => {
  const { look } = setUp(({ slug }) =>
    slug === 'away' ? Promise.reject(new Error('away')) : known({ kind: 'tag', slug, page: 1 }),
  )
  expect(await look('/articles/away/')).toEqual(unknown)
  expect(await look('/articles/broken/')).toEqual({ ...unknown, fault: new Error('no bundle') })
})
