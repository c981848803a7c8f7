import { expect, test } from '@jest/globals'
import { decodePercent, scrub, scrubPath } from './scrub.ts'

const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhdXRoMHx4In0.c2lnbmF0dXJl'
/** Percent-encodes every character, which a client may always do. */
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
  ['an e-mail address', 'for jo.doe+x@mail.example.org now', 'for [e-mail] now'],
  ['an e-mail address in quotes', `email = 'jo@example.org'`, `email = '[e-mail]'`],
  ['an encoded e-mail address', 'for jo%40example.com now', 'for [e-mail] now'],
  ['an e-mail address that is encoded four times', 'for jo%25252540example.com now', 'for [e-mail] now'],
  ['an e-mail address that is encoded letter by letter', `for ${encodeAll('jo@example.com')}`, 'for [e-mail]'],
  ['an e-mail address in other letters', 'für jö@bücher.example and я@пример.рф', 'für [e-mail] and [e-mail]'],
  ['an encoded e-mail address in other letters', `für ${encodeURIComponent('я@пример.рф')}`, 'für [e-mail]'],
  ['two of each', `${jwt} ${jwt} a@b.cd c@d.ef`, '[token] [token] [e-mail] [e-mail]'],
  ['a password in an address', 'postgresql://me:secret@db.example.org/x', '[e-mail]'],
])('scrub takes out %s', (_title, text, scrubbed) => {
  expect(scrub(text)).toBe(scrubbed)
})

test.each([
  ['relation "article" does not exist'],
  ['connect ECONNREFUSED 127.0.0.1:5432'],
  ['Cannot find module node_modules/@fastify/cors/index.js'],
  ['100% of 5%, 7%zz and a trailing %'],
  ['Invalid `db.article.findMany()` invocation'],
  ['meet @jo or jo@ at @'],
])('scrub leaves %p as it is', (text) => {
  expect(scrub(text)).toBe(text)
})

test.each([
  ['/graphql?access_token=x', '/graphql'],
  ['/users/jo%40example.com/x?y', '/users/[e-mail]/x'],
  ['/users/jo@example.com', '/users/[e-mail]'],
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

test('no part of a secret that was cut off is left over', () => {
  for (let padding = 440; padding < 500; padding += 1) expect(scrub(`${'x'.repeat(padding)} ${jwt}`)).not.toMatch(/eyJ/)
  // Many secrets become short, so that what is shown comes from where the text was cut.
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

test.each(hostile)('what is logged of %p without end is short', (_title, part) => {
  const text = part.repeat(1_000_000)
  expect(scrub(text).length).toBeLessThanOrEqual(500)
  expect(scrubPath(text).length).toBeLessThanOrEqual(500)
})

/** CPU milliseconds of a function. */
function cpuOf(run: () => void): number {
  const { user: before } = process.cpuUsage()
  run()
  return (process.cpuUsage().user - before) / 1_000
}

test.each(hostile)('four times as much work for four times as long a text of %p, not sixteen times', (_title, part) => {
  // As long as is looked through, and a quarter of it, often enough to be measured.
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
