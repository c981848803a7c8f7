import { beforeAll, expect, test } from '@jest/globals'
import { startTestApp, type Answer } from './support/app.ts'
import { makeArticle, makeMember, type MadeArticle } from './support/factories.ts'

// Concurrent requests of two members must not mix their data.

const { ask, db, issuer } = await startTestApp()
const requestsEach = 500
const atATime = 10

interface Person {
  readonly name: string
  readonly id: string
  readonly subject: string
  readonly token: string
  /** The articles that only this member bookmarks. */
  readonly articles: MadeArticle[]
  readonly calls: number[]
}

async function makePerson(name: string): Promise<Person> {
  const { id, subject } = await makeMember(db, { issuer: issuer.url })
  await db.member.update({ where: { id }, data: { name, email: `${name}@example.test`, profileFetchedAt: new Date() } })
  const articles = await Promise.all([makeArticle(db), makeArticle(db), makeArticle(db)])
  const token = issuer.sign({ sub: subject })
  return { name, id, subject, token, articles, calls: [] }
}

const viewer = 'viewer { id subject name email }'
const isTheirs = (person: Person, { data, errors }: Answer) => {
  expect(errors).toBeUndefined()
  const { id, subject, name } = person
  expect(data.viewer).toEqual({ id, subject, name, email: `${name}@example.test` })
}

/** Five operations of a member, each with its expected response. */
const steps: ((person: Person, turn: number) => Promise<void>)[] = [
  async (person) => {
    const answer = await ask(`{ ping { greeting calls } ${viewer} }`, { token: person.token })
    isTheirs(person, answer)
    expect(answer.data.ping.greeting).toBe(`Hello, ${person.name}!`)
    person.calls.push(answer.data.ping.calls)
  },
  async (person) => isTheirs(person, await ask(`{ ${viewer} }`, { token: person.token })),
  async (person, turn) => {
    const { id } = person.articles[turn % 3] as MadeArticle
    const query = 'mutation ($id: ID!) { addBookmark(articleId: $id) { id } }'
    const { data } = await ask(query, { token: person.token, variables: { id } })
    expect(data.addBookmark).toEqual({ id })
  },
  async (person, turn) => {
    const { id } = person.articles[(turn + 1) % 3] as MadeArticle
    const query = 'mutation ($id: ID!) { removeBookmark(articleId: $id) { id } }'
    const { data } = await ask(query, { token: person.token, variables: { id } })
    expect(data.removeBookmark).toEqual({ id })
  },
  async (person) => {
    const answer = await ask(`{ bookmarks { nodes { id } } ${viewer} }`, { token: person.token })
    isTheirs(person, answer)
    const own = person.articles.map(({ id }) => id)
    for (const { id } of answer.data.bookmarks.nodes) expect(own).toContain(id)
  },
]

let people: Person[]
beforeAll(async () => {
  people = [await makePerson('ada'), await makePerson('bea')]
})

test('a thousand interleaved requests do not mix', async () => {
  const before = (await db.callTotal.findFirstOrThrow()).calls
  const turns = Array.from({ length: requestsEach }, (_, turn) => people.map((person) => ({ person, turn }))).flat()
  const work = turns.values()
  await Promise.all(
    Array.from({ length: atATime }, async () => {
      for (const { person, turn } of work) await steps[turn % steps.length]?.(person, turn)
    }),
  )
  const pings = requestsEach / steps.length
  const counted = Array.from({ length: pings }, (_, index) => index + 1)
  for (const { calls } of people) expect(calls.sort((a, b) => a - b)).toEqual(counted)
  const last = await Promise.all(people.map(({ token }) => ask('{ ping { calls callsByEveryone } }', { token })))
  expect(last.map(({ data }) => data.ping.calls)).toEqual([pings + 1, pings + 1])
  expect(Math.max(...last.map(({ data }) => data.ping.callsByEveryone))).toBe(before + 2 * pings + 2)
}, 120_000)

test('removing a bookmark does not affect the other member', async () => {
  const [ada, bea] = people as [Person, Person]
  const { id } = await makeArticle(db)
  const change = (name: string, { token }: Person) =>
    ask(`mutation ($id: ID!) { ${name}(articleId: $id) { id } }`, { token, variables: { id } })
  const has = async ({ token }: Person) => {
    const { data } = await ask('{ bookmarks { nodes { id } } }', { token })
    return (data.bookmarks.nodes as { id: string }[]).some((node) => node.id === id)
  }
  await Promise.all([change('addBookmark', ada), change('addBookmark', bea)])
  await change('removeBookmark', ada)
  expect([await has(ada), await has(bea)]).toEqual([false, true])
  await change('removeBookmark', ada)
  await change('addBookmark', bea)
  expect([await has(ada), await has(bea)]).toEqual([false, true])
})
