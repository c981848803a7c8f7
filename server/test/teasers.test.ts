import { expect, test } from '@jest/globals'
import { startTestApp, type Answer } from './support/app.ts'
import { makeArticle, makeMember, makeNamed, type NewArticle } from './support/factories.ts'
import { expectUnharmed } from './support/http.ts'

// A response reveals nothing about a locked body. Complete responses are compared, including sizes and headers.

const app = await startTestApp()
const { db, issuer } = app
const authorId = await makeNamed(db, 'author')
const seriesId = await makeNamed(db, 'series')
const reader = issuer.sign({ sub: (await makeMember(db, { issuer: issuer.url })).subject })

const everything = `id slug title excerpt preview visibility publishedAt readingMinutes author { slug } tags { slug } series { slug }
  access { granted reason until requiredPlans { slug } } bookmarked body { html rest }`

/** Returns a response without the parts that always differ. `name` matches the article's own names, which are removed. */
const comparable = ({ status, headers, text }: Answer, name: RegExp) => ({
  status,
  headers: [...headers].filter(([header]) => !/^(x-request-id|date|ratelimit-.*)$/.test(header)),
  text: text.replace(name, '-'),
})
const make = (fields: NewArticle) =>
  makeArticle(db, { visibility: 'PAID', authorId, seriesId, publishedAt: new Date(1_700_000_000_000), ...fields })
const names = /article-[\da-f]{8}|[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g

const bodies: [string, string][] = [
  ['an empty body', ''],
  ['a short body', '<p>Preview of x.</p><p>Secret of x.</p>'],
  ['a body of 200 kB', `<p>Preview of x.</p>${'<p>Secret of x.</p>'.repeat(10_000)}`],
  ['a body in other letters', '<p>Preview of x.</p><p>Секрет 秘密 Secret of x.</p>'],
  ['a body with quotes and line breaks', '<p>Preview of x.</p><p>"Secret of x"\\\n\u2028</p>'],
]

test.each([
  ['anonymous readers', undefined],
  ['a reader without a plan', reader],
])('G28: %s cannot distinguish locked bodies', async (_who, token) => {
  const seen = new Set<string>()
  for (const [, html] of bodies) {
    const { slug } = await make({ html })
    const answer = await app.ask(`{ article(slug: "${slug}") { ${everything} } }`, { token })
    expect(answer.data.article.body).toBeNull()
    expect(answer.headers.get('etag')).toBeNull()
    await expectUnharmed(app, answer)
    seen.add(JSON.stringify(comparable(answer, names)))
  }
  expect(seen.size).toBe(1)
})

test('G28: a change of a locked body is not visible', async () => {
  const { id, slug } = await make({})
  const { slug: author } = await db.author.findUniqueOrThrow({ where: { id: authorId } })
  // One field per query, because the order of errors of two fields varies.
  const ask = () =>
    Promise.all([
      app.ask(`{ article(slug: "${slug}") { ${everything} } }`),
      app.ask(`{ articles(first: 1, author: "${author}") { nodes { ${everything} } } }`),
    ])
  const before = await ask()
  const html = '<p>Secret of x, longer.</p>'
  await db.articleBody.update({ where: { articleId: id }, data: { html, rest: html } })
  const after = await ask()
  expect(after.map((answer) => comparable(answer, /$^/))).toEqual(before.map((answer) => comparable(answer, /$^/)))
})

const queryBySlug = 'query ($x: String!) { article(slug: $x) { id slug title access { reason } body { html } } }'
const bySlug = (x: string, token?: string) => app.ask(queryBySlug, { variables: { x }, token })
const byId = (x: string) =>
  app.ask('mutation ($x: ID!) { addBookmark(articleId: $x) { id } }', { variables: { x }, token: reader })

test('G29: drafts, scheduled and withdrawn articles do not exist', async () => {
  const draft = await make({ publishedAt: null })
  const scheduled = await make({ publishedAt: new Date(Date.now() + 60_000) })
  const withdrawn = await make({})
  const { id } = withdrawn
  // An article with history cannot be deleted, only withdrawn.
  await expect(db.article.delete({ where: { id } })).rejects.toThrow()
  await db.article.update({ where: { id }, data: { publishedAt: null } })
  const nobodys = { slug: 'article-00000000', id: '01900000-0000-7000-8000-000000000000' }
  for (const token of [undefined, reader, issuer.sign({ permissions: ['write:articles'] })]) {
    const unknown = comparable(await bySlug(nobodys.slug, token), names)
    for (const article of [draft, scheduled, withdrawn]) {
      const answer = await bySlug(article.slug, token)
      expect(comparable(answer, names)).toEqual(unknown)
      expect(answer.data).toEqual({ article: null })
      await expectUnharmed(app, answer)
    }
  }
  const unknown = comparable(await byId(nobodys.id), names)
  for (const article of [draft, scheduled, withdrawn]) {
    const answer = await byId(article.id)
    expect(comparable(answer, names)).toEqual(unknown)
    expect(answer.errors).toMatchObject([{ message: 'There is no such article.', extensions: { code: 'NOT_FOUND' } }])
    await expectUnharmed(app, answer)
  }
})
