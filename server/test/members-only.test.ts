import { beforeAll, describe, expect, test } from '@jest/globals'
import { startTestApp } from './support/app.ts'
import { makeArticle, makeMember, makeNamed, makePlan, unique, type MadeArticle } from './support/factories.ts'

// TEASERS=members: anonymous readers see no article, not even its title.

const closed = await startTestApp({ env: { TEASERS: 'members' } })
const open = await startTestApp({ beside: closed })
const { ask, db, issuer } = closed

const tokens = new Map<string, string | undefined>()
let published: MadeArticle
let draft: MadeArticle
let tag: string

beforeAll(async () => {
  await makePlan(db, { monthly: 500 })
  const tagId = await makeNamed(db, 'tag')
  tag = (await db.tag.findUniqueOrThrow({ where: { id: tagId } })).slug
  published = await makeArticle(db, { tagIds: [tagId] })
  draft = await makeArticle(db, { publishedAt: null })
  const tokenOf = async (disabled: boolean) =>
    issuer.sign({ sub: (await makeMember(db, { issuer: issuer.url, disabled })).subject })
  tokens.set('anonymous', undefined)
  tokens.set('anonymous session', issuer.sign({ sub: `anon@${unique()}` }))
  tokens.set('member', await tokenOf(false))
  tokens.set('program', issuer.sign({ sub: `${unique()}@clients` }))
  tokens.set('disabled', await tokenOf(true))
})

const query = `query ($slug: String!, $tag: String) {
  articles(tag: $tag) { nodes { slug } } article(slug: $slug) { slug title preview body { html } } bookmarks { nodes { slug } }
  plans { slug } viewer { subject }
}`

describe.each(['anonymous', 'anonymous session'])('%s', (who) => {
  test('sees plans and themselves, no article', async () => {
    const { status, data, errors, text } = await ask(query, {
      token: tokens.get(who),
      variables: { slug: published.slug, tag },
    })
    expect(status).toBe(200)
    expect(data).toMatchObject({ articles: null, article: null, bookmarks: null, viewer: null })
    expect(data.plans).not.toEqual([])
    expect(errors?.map(({ path }) => path?.join()).sort()).toEqual(['article', 'articles', 'bookmarks'])
    for (const { message, extensions } of errors ?? []) {
      expect([message, extensions]).toEqual(['Sign in first.', { code: 'UNAUTHENTICATED' }])
    }
    expect(text).not.toContain(published.slug)
  })

  test('cannot tell whether an article exists', async () => {
    const answers = await Promise.all(
      [published.slug, draft.slug, 'article-00000000'].map((slug) =>
        ask('query ($slug: String!) { article(slug: $slug) { title } }', {
          token: tokens.get(who),
          variables: { slug },
        }),
      ),
    )
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
  })
})

test('disabled members get ACCOUNT_DISABLED', async () => {
  const { data, errors } = await ask(query, { token: tokens.get('disabled'), variables: { slug: published.slug, tag } })
  expect(data).toMatchObject({ articles: null, article: null, bookmarks: null, viewer: null })
  expect(data.plans).not.toEqual([])
  expect(new Set(errors?.map(({ extensions }) => extensions.code))).toEqual(new Set(['ACCOUNT_DISABLED']))
})

test.each(['member', 'program'])('a %s sees all of it', async (who) => {
  const { data, errors } = await ask(query, { token: tokens.get(who), variables: { slug: published.slug, tag } })
  expect(errors).toBeUndefined()
  expect(data.articles.nodes).toEqual([{ slug: published.slug }])
  expect(data.article).toMatchObject({ title: `Title of ${published.slug}`, body: { html: published.html } })
  expect(data.bookmarks.nodes).toEqual([])
})

test('a draft is null for members', async () => {
  const { data, errors } = await ask(query, { token: tokens.get('member'), variables: { slug: draft.slug, tag } })
  expect([data.article, errors]).toEqual([null, undefined])
})

test('without the setting teasers are public', async () => {
  const { data, errors } = await open.ask(query, { variables: { slug: published.slug, tag } })
  expect(data.article.title).toBe(`Title of ${published.slug}`)
  expect(errors?.map(({ path }) => path)).toEqual([['bookmarks']])
})
