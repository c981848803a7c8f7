import { expect, test } from '@jest/globals'
import { decodePercent, scrub, scrubPath } from './scrub.ts'

const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhdXRoMHx4In0.c2lnbmF0dXJl'
/** Percent-encodes every character, which a client is free to do. */
const encodeAll = (text: string) => [...text].map((char) => `%${char.charCodeAt(0).toString(16)}`).join('')

test.each([
  ['a token', `bad token ${jwt}!`, 'bad token [token]!'],
  ['a token without its signature', `${jwt.split('.').slice(0, 2).join('.')}.`, '[token]'],
  ['a bearer header', `Bearer ${jwt}`, 'Bearer [token]'],
  [
    'a token in an address',
    `GET https://x.test/?access_token=${jwt}&x=1`,
    'GET https://x.test/?access_token=[token]&x=1',
  ],
  ['a token whose dots are encoded', `bad ${jwt.replaceAll('.', '%2E')}`, 'bad [token]'],
  ['a token whose dots are encoded twice', `bad ${jwt.replaceAll('.', '%252e')}`, 'bad [token]'],
  ['an opaque token whose dots are encoded', 'bad abcdefgh%2Eijklmnop%2Eqrstuvwx', 'bad [token]'],
  ['a token that is encoded letter by letter', `bad ${encodeAll(jwt)}`, 'bad [token]'],
  ['a key of the payment provider', 'no such key: sk_live_51abc', 'no such key: [token]'],
  ['a signing secret', 'whsec_abc is wrong', '[token] is wrong'],
  ['an email address', 'for jo.doe+x@mail.example.org now', 'for [email] now'],
  ['an email address in quotes', `email = 'jo@example.org'`, `email = '[email]'`],
  ['an encoded email address', 'for jo%40example.com now', 'for [email] now'],
  ['an email address that is encoded four times', 'for jo%25252540example.com now', 'for [email] now'],
  ['an email address that is encoded letter by letter', `for ${encodeAll('jo@example.com')}`, 'for [email]'],
  ['an email address in other letters', 'für jö@bücher.example and я@пример.рф', 'für [email] and [email]'],
  ['an encoded email address in other letters', `für ${encodeURIComponent('я@пример.рф')}`, 'für [email]'],
  ['two of each', `${jwt} ${jwt} a@b.cd c@d.ef`, '[token] [token] [email] [email]'],
  ['a password in an address', 'postgresql://me:secret@db.example.org/x', '[email]'],
])('scrub removes %s', (_title, text, scrubbed) => {
  expect(scrub(text)).toBe(scrubbed)
})

test.each([
  ['relation "article" does not exist'],
  ['connect ECONNREFUSED 127.0.0.1:5432'],
  ['Cannot find module node_modules/@fastify/cors/index.js'],
  ['100% of 5%, 7%zz and a trailing %'],
  ['Invalid `db.article.findMany()` invocation'],
  ['meet @jo or jo@ at @'],
])('scrub does not change %p', (text) => {
  expect(scrub(text)).toBe(text)
})

test.each([
  ['/graphql?access_token=x', '/graphql'],
  ['/users/jo%40example.com/x?y', '/users/[email]/x'],
  ['/users/jo@example.com', '/users/[email]'],
  [`/t/${jwt.replaceAll('.', '%2E')}/x`, '/t/[token]/x'],
  [`/${jwt}`, '/[token]'],
  ['/%3Cscript%3Ealert(1)%3C%2Fscript%3E', '/%3Cscript%3Ealert(1)%3C%2Fscript%3E'],
  ['/a%0d%0ab', '/a%0d%0ab'],
  ['*', '*'],
  ['', ''],
])('the path of %p is logged as %p', (url, path) => {
  expect(scrubPath(url)).toBe(path)
})

test.each([
  ['', ''],
  ['a%20b', 'a b'],
  ['%', '%'],
  ['%2', '%2'],
  ['%zz%41', '%zzA'],
  ['%25', '%'],
  ['%2525', '%'],
  ['%252541', 'A'],
  ['%C3%BC', 'éé'],
])('%p is decoded to %p', (text, decoded) => {
  expect(decodePercent(text)).toBe(decoded)
})

test('leaves no part of a truncated secret', () => {
  for (let padding = 440; padding < 500; padding += 1) expect(scrub(`${'x'.repeat(padding)} ${jwt}`)).not.toMatch(/eyJ/)
  // Removed secrets become short, so the result reaches the place where the text was cut.
  for (let padding = 0; padding < 40; padding += 1) {
    const text = `${'x'.repeat(padding)} ${`${'a'.repeat(90)}@b.example `.repeat(19)}${'y'.repeat(40)} jo.doe.with.a.name@mail.example.org`
    expect(scrub(text)).not.toMatch(/jo\.|name|org/)
    expect(scrubPath(`/${text.replaceAll(' ', '/')}`)).not.toMatch(/jo\.|name|org/)
  }
})

const hostile: [string, string][] = [
  ['a-', 'a-'],
  ['a.', 'a.'],
  ['abcdefgh.', 'abcdefgh.'],
  ['@', '@'],
  ['a@', 'a@'],
  ['a@a.', 'a@a.'],
  ['%', '%'],
  ['%25', '%25'],
  ['%40', '%40'],
  ['eyJ', 'eyJ'],
  ['sk_', 'sk_'],
  ['/', '/'],
  ['letters', 'x'],
]

test.each(hostile)('an endless series of %p is logged in 500 characters', (_title, part) => {
  const text = part.repeat(1_000_000)
  expect(scrub(text).length).toBeLessThanOrEqual(500)
  expect(scrubPath(text).length).toBeLessThanOrEqual(500)
})

/** Returns the CPU time of a function in milliseconds. */
function cpuOf(run: () => void): number {
  const { user: before } = process.cpuUsage()
  run()
  return (process.cpuUsage().user - before) / 1_000
}

test.each(hostile)('takes linear time for a text of %p', (_title, part) => {
  // The longest text that is searched and a quarter of it, often enough to be measured.
  const times = 200
  const scrubAll = (length: number) => {
    const text = part.repeat(Math.ceil(length / part.length)).slice(0, length)
    return cpuOf(() => {
      for (let index = 0; index < times; index += 1) {
        scrub(text)
        scrubPath(text)
      }
    })
  }
  scrubAll(500)
  const [short, long] = [scrubAll(500), scrubAll(2_000)]
  expect(long).toBeLessThan(8 * short + 100)
})
