import { setTimeout } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { prepareArticle, publishArticle, type PreparedArticle } from '../src/content/publishing/index.ts'
import { startTestApp, type Answer } from './support/app.ts'
import { makeMember, unique } from './support/factories.ts'

const { ask, db, issuer } = await startTestApp()

const slug = `changing-${unique()}`
const query = `{ article(slug: "${slug}") { title preview body { html rest } } }`

function version(letter: string, status: 'published' | 'draft' = 'published'): PreparedArticle {
  const front = { title: letter, slug, author: 'Ann', tags: '[x]', visibility: 'members', status }
  const lines = Object.entries({ ...front, publishedAt: '2026-08-03T07:00:00Z' }).map(
    ([key, value]) => `${key}: ${value}`,
  )
  const text = `---\n${lines.join('\n')}\n---\nPreview ${letter}.\n\n<!--more-->\n\nRest ${letter}.`
  const prepared = prepareArticle(`${slug}.md`, new TextEncoder().encode(text))
  if ('problems' in prepared) throw new Error(JSON.stringify(prepared.problems))
  return prepared
}

/** Returns the version in a response, 'nothing' for no article, or 'retry'. @throws if it mixes versions */
function shown({ data, errors }: Answer): string {
  const [error] = errors ?? []
  if (error) return data.article.body === null ? error.extensions.code : 'an error, and a text'
  if (data.article === null) return 'nothing'
  const { title, preview, body } = data.article
  const whole = { preview: `<p>Preview ${title}.</p>`, rest: `<p>Rest ${title}.</p>` }
  const isWhole = preview.trim() === whole.preview && body.rest.trim() === whole.rest
  return isWhole && body.html === preview + body.rest ? title : `a mixture: ${JSON.stringify(data.article)}`
}

test('D09 a response never mixes versions of a changing article', async () => {
  const member = await makeMember(db, { issuer: issuer.url })
  const token = issuer.sign({ sub: member.subject })
  const now = () => new Date()
  await publishArticle(db, version('A'), now())
  const seen: string[] = []
  let publishes = true
  const reader = async () => {
    while (publishes) seen.push(shown(await ask(query, { token })))
  }
  const publisher = async () => {
    for (let round = 0; round < 40; round += 1) {
      const read = seen.length
      await publishArticle(db, version(round % 2 ? 'A' : 'B', round % 5 === 4 ? 'draft' : 'published'), now())
      // Some reads between two changes, and some during one.
      while (seen.length < read + 6) await setTimeout(1)
    }
  }
  await Promise.all([publisher().finally(() => (publishes = false)), reader(), reader(), reader(), reader()])
  const kinds = new Set(seen)
  expect([...kinds].filter((kind) => !['A', 'B', 'nothing', 'SERVICE_UNAVAILABLE'].includes(kind))).toEqual([])
  // Proves that all cases occurred.
  for (const kind of ['A', 'B', 'nothing']) expect(kinds).toContain(kind)
  await publishArticle(db, version('B'), now())
  expect(shown(await ask(query, { token }))).toBe('B')
})
