import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { GraphQLError } from 'graphql'
import {
  named,
  startPublicationApi,
  testArticle,
  testPlan,
  type PublicationApi,
  type TestArticle,
} from '../test/support/publication-api.ts'
import { BuildProblem } from './ask-api.ts'
import { readPublication } from './publication.ts'

let api: PublicationApi
const read = () => readPublication({ apiUrl: api.url, tell: () => undefined })
const many = (count: number, change: Partial<TestArticle> = {}) =>
  Array.from({ length: count }, (_, index) => testArticle(`article-${index}`, change))
/** The slugs of each query for texts. */
const textsAsked = () =>
  api.asked.flatMap(({ operation, variables }) => (operation === 'PublicTexts' ? [Object.values(variables)] : []))

beforeEach(async () => {
  api = await startPublicationApi()
})
afterEach(() => api.close())

test('an empty publication has nothing but its plans', async () => {
  api.state.plans = [testPlan('Supporter')]
  expect(await read()).toEqual({ membersOnly: false, articles: [], plans: [testPlan('Supporter')] })
  expect(textsAsked()).toEqual([])
})

test('hands over what anybody may read', async () => {
  const supporter = named('Supporter')
  api.state.articles = [
    testArticle('open'),
    testArticle('locked', { visibility: 'PLANS', requiredPlans: [supporter], series: named('Walks') }),
  ]
  const { articles } = await read()
  expect(articles[0]).toEqual({
    id: 'id-open',
    slug: 'open',
    title: 'Title of open',
    excerpt: 'Excerpt of open.',
    visibility: 'PUBLIC',
    publishedAt: '2026-03-05T10:00:00.000Z',
    lang: null,
    direction: 'AUTO',
    readingMinutes: 3,
    author: named('Ada Reader'),
    tags: [named('Essays')],
    series: null,
    preview: '<p>Preview of open.</p>',
    requiredPlans: [],
    rest: '<p>Rest of open.</p>',
  })
  expect(articles[1]).toMatchObject({ series: named('Walks'), requiredPlans: [supporter], rest: null })
})

describe('pages of a hundred', () => {
  test.each([
    [100, [null]],
    [101, [null, '100']],
    [250, [null, '100', '200']],
  ])('%d articles are read after %j, in order', async (count, cursors) => {
    api.state.articles = many(count, { visibility: 'PAID' })
    const { articles } = await read()
    const pages = api.asked.filter(({ operation }) => operation === 'PublicationPage')
    expect(pages.map(({ variables }) => variables.after)).toEqual(cursors)
    expect(articles.map(({ slug }) => slug)).toEqual(api.state.articles.map(({ slug }) => slug))
  })

  test('an API that cannot give as many previews in one answer is asked for fewer', async () => {
    api.state.articles = many(70, { visibility: 'PAID' })
    api.state.mostPreviews = 30
    const { articles } = await read()
    expect(articles.map(({ slug }) => slug)).toEqual(api.state.articles.map(({ slug }) => slug))
    const pages = api.asked.filter(({ operation }) => operation === 'PublicationPage')
    expect(pages.map(({ variables }) => variables.first)).toEqual([100, 50, 25, 25, 25])
  })

  test('what moves on while they are read is there once', async () => {
    api.state.articles = many(150, { visibility: 'PAID' })
    api.state.before = ({ variables }) => {
      if (variables.after === '100') api.state.articles = [testArticle('newer'), ...api.state.articles]
    }
    const slugs = (await read()).articles.map(({ slug }) => slug)
    expect(slugs).toHaveLength(150)
    expect(new Set(slugs).size).toBe(150)
  })
})

describe('for members only', () => {
  test('has no article, and asks for no text', async () => {
    api.state.membersOnly = true
    api.state.articles = many(3)
    api.state.plans = [testPlan('Supporter')]
    expect(await read()).toEqual({ membersOnly: true, articles: [], plans: [testPlan('Supporter')] })
    expect(textsAsked()).toEqual([])
  })

  test('from now on: the texts stay out', async () => {
    api.state.articles = many(3)
    api.state.before = ({ operation }) => (api.state.membersOnly = operation === 'PublicTexts')
    expect((await read()).articles.map(({ rest }) => rest)).toEqual([null, null, null])
  })
})

test('another reason not to list the articles stops the build', async () => {
  api.state.before = ({ operation }) => {
    if (operation !== 'PublicationPage') return
    Object.defineProperty(api.state, 'articles', {
      get: () => {
        throw new GraphQLError('The database is away.', { extensions: { code: 'SERVICE_UNAVAILABLE' } })
      },
    })
  }
  const stopped = read()
  await expect(stopped).rejects.toThrow(`The API at ${api.url} did not list the articles (The database is away.).`)
  await expect(stopped).rejects.toBeInstanceOf(BuildProblem)
})

describe('public texts', () => {
  const rests = async () => (await read()).articles.map(({ rest }) => rest)
  const all = () => api.state.articles.map(({ rest }) => rest)

  test('are asked for by ten, with empty places filled', async () => {
    api.state.articles = many(23)
    expect(await rests()).toEqual(all())
    expect(textsAsked().map((slugs) => slugs.filter((slug) => slug !== '-').length)).toEqual([10, 10, 3])
    expect(textsAsked().every((slugs) => slugs.length === 10)).toBe(true)
  })

  test.each([9, 5, 3, 2, 1])('come from an API that gives %d an answer', async (most) => {
    api.state.bodiesPerAnswer = most
    api.state.articles = many(23)
    expect(await rests()).toEqual(all())
  })

  test.each(['MEMBERS', 'PAID', 'PLANS'] as const)('are all that is asked for: not one of %s', async (visibility) => {
    api.state.locksNothing = true
    api.state.articles = [...many(3, { visibility }), testArticle('open')]
    expect(await rests()).toEqual([null, null, null, '<p>Rest of open.</p>'])
    expect(textsAsked()).toEqual([['open', ...Array<string>(9).fill('-')]])
  })

  test.each([
    ['refuses', false],
    ['gives all the same', true],
  ])('of what was locked in between, which the API %s, stay out', async (_how, locksNothing) => {
    api.state.locksNothing = locksNothing
    api.state.articles = many(3)
    api.state.before = ({ operation }) => {
      if (operation !== 'PublicTexts') return
      api.state.articles = api.state.articles.map((article, index) =>
        index === 1 ? { ...article, visibility: 'PAID' } : article,
      )
    }
    expect(await rests()).toEqual(['<p>Rest of article-0.</p>', null, '<p>Rest of article-2.</p>'])
  })

  test('of what was taken back in between stay out', async () => {
    api.state.articles = many(3)
    api.state.before = ({ operation }) => {
      if (operation === 'PublicTexts') api.state.articles = api.state.articles.slice(0, 2)
    }
    expect(await rests()).toEqual(['<p>Rest of article-0.</p>', '<p>Rest of article-1.</p>', null])
  })

  test('that the API cannot give stop the build', async () => {
    api.state.articles = many(3)
    api.state.before = ({ operation }) => {
      if (operation === 'PublicTexts') api.state.bodiesPerAnswer = 0
    }
    const stopped = read()
    await expect(stopped).rejects.toThrow(
      `The API at ${api.url} did not return the public texts (Refused: BAD_USER_INPUT.).`,
    )
    await expect(stopped).rejects.toBeInstanceOf(BuildProblem)
  })
})
