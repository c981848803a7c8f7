import { expect, test } from '@jest/globals'
import { prepareArticle } from './prepare.ts'
import { formatProblem } from './problems.ts'
import { slugify } from './slug.ts'
import { largestSourceBytes } from './source.ts'

const good: Record<string, string> = {
  title: 'A “title”: part one',
  slug: 'a-title',
  author: 'Zoë O’Hara',
  series: 'Essays & more',
  year: '1841',
  tags: '[essays, Größe]',
  visibility: 'plan:supporter,patron',
  status: 'published',
  publishedAt: '2026-08-03T07:00:00.123+02:00',
  license: 'public domain',
}
good.title = JSON.stringify(good.title)

/** The file with some lines changed or, with null, left out; its text starts after the front matter. */
function file(changes: Record<string, string | null> = {}, body = 'Public.\n\n<!--more-->\n\nPaid.\n'): string {
  const lines = Object.entries({ ...good, ...changes }).flatMap(([key, value]) =>
    value === null ? [] : `${key}: ${value}`,
  )
  return `---\n${lines.join('\n')}\n---\n${body}`
}

function problemsOf(source: string | Uint8Array): string[] {
  const prepared = prepareArticle('a.md', typeof source === 'string' ? new TextEncoder().encode(source) : source)
  return 'problems' in prepared ? prepared.problems.map(formatProblem) : []
}

test('a file is read with all it says', () => {
  expect(prepareArticle('a.md', new TextEncoder().encode(file()))).toMatchObject({
    path: 'a.md',
    title: 'A “title”: part one',
    slug: 'a-title',
    author: { name: 'Zoë O’Hara', slug: 'zoe-ohara' },
    series: { name: 'Essays & more', slug: 'essays-more' },
    tags: [
      { name: 'essays', slug: 'essays' },
      { name: 'Größe', slug: 'grosse' },
    ],
    requirement: { visibility: 'PLANS', planSlugs: ['patron', 'supporter'] },
    publishedAt: new Date('2026-08-03T05:00:00.123Z'),
    extra: { year: 1841, license: 'public domain' },
    excerpt: 'Public.',
    visibilityLine: 8,
  })
})

test.each([
  ['public', 'PUBLIC', []],
  ['members', 'MEMBERS', []],
  ['paid', 'PAID', []],
  ['plan:patron', 'PLANS', ['patron']],
  ['"plan:b, a,b"', 'PLANS', ['a', 'b']],
])('visibility %s is read', (written, visibility, planSlugs) => {
  const prepared = prepareArticle('a.md', new TextEncoder().encode(file({ visibility: written })))
  expect(prepared).toMatchObject({ requirement: { visibility, planSlugs } })
})

test('a draft has no date, whatever its file says', () => {
  const draft = prepareArticle('a.md', new TextEncoder().encode(file({ status: 'draft' })))
  expect(draft).toMatchObject({ publishedAt: null })
  expect(problemsOf(file({ status: 'draft', publishedAt: null }))).toEqual([])
})

test('an excerpt of the author’s own wins', () => {
  const prepared = prepareArticle('a.md', new TextEncoder().encode(file({ excerpt: 'Read this.' })))
  expect(prepared).toMatchObject({ excerpt: 'Read this.' })
})

test.each<[string, Record<string, string | null>, string]>([
  ['a missing title', { title: null }, 'a.md:1: title: is missing'],
  ['a missing author', { author: null }, 'a.md:1: author: is missing'],
  ['a missing visibility', { visibility: null }, 'a.md:1: visibility: is missing'],
  ['an empty title', { title: '""' }, 'a.md:2: title: is empty'],
  ['a key without value', { title: '' }, 'a.md:2: title: is not text: put it in quotes'],
  ['a title that is a number', { title: '1984' }, 'a.md:2: title: is not text: put it in quotes'],
  ['a control character', { title: '"a\\0b"' }, 'a.md:2: title: has a control character in it'],
  ['half a character', { title: '"a\\ud800"' }, 'a.md:2: title: has a control character in it'],
  ['a slug in capitals', { slug: 'A-b' }, 'a.md:3: slug: is not made of a to z and 0 to 9'],
  ['a slug that climbs', { slug: '../b' }, 'a.md:3: slug: is not made of a to z and 0 to 9'],
  ['a slug too long', { slug: 'a'.repeat(201) }, 'a.md:3: slug: is longer than 200 characters'],
  ['an author without letters', { author: '"!?"' }, 'a.md:4: author: has no letter or digit that can stand'],
  ['a year in words', { year: 'MDCCC' }, 'a.md:6: year: is not a whole number'],
  ['tags as text', { tags: 'essays' }, 'a.md:7: tags: is not a list'],
  ['a tag twice', { tags: '[a b, A-B]' }, 'a.md:7: tags: has a-b twice'],
  ['a tag that is a number', { tags: '\n  - a\n  - 5' }, 'a.md:9: tags: is not text'],
  ['an unknown visibility', { visibility: 'plans:patron' }, 'a.md:8: visibility: is none of public, members, paid'],
  ['a visibility in capitals', { visibility: 'Public' }, 'a.md:8: visibility: is none of'],
  ['plans without a name', { visibility: '"plan:"' }, 'a.md:8: visibility: is none of'],
  ['plans with a gap', { visibility: 'plan:a,,b' }, 'a.md:8: visibility: is none of'],
  ['an unknown status', { status: 'publish' }, 'a.md:9: status: is neither published nor draft'],
  ['published without a date', { publishedAt: null }, 'a.md:9: publishedAt: is missing'],
  ['a date without an offset', { publishedAt: '2026-08-03T07:00:00' }, 'a.md:10: publishedAt: is not an instant'],
  ['a day', { publishedAt: '2026-08-03' }, 'a.md:10: publishedAt: is not an instant'],
  ['a day that is not', { publishedAt: '2026-02-30T07:00:00Z' }, 'a.md:10: publishedAt: is not an instant'],
  ['a date finer than a cursor', { publishedAt: '2026-08-03T07:00:00.1234Z' }, 'a.md:10: publishedAt: is finer'],
  ['a misspelt key', { publishAt: 'x' }, 'a.md:12: "publishAt" is no key'],
  ['a key that reaches for the prototype', { ['__proto__']: 'x' }, 'a.md:12: "__proto__" is no key'],
  ['an excerpt too long', { excerpt: 'a'.repeat(501) }, 'a.md:12: excerpt: is longer than 500 characters'],
  ['broken YAML', { author: '[a' }, 'front matter: '],
  ['a key twice', { license: 'a\ntitle: b' }, 'a.md:12: front matter: Map keys must be unique'],
  ['an alias', { author: '&a Emerson', series: '*a' }, 'a.md:5: front matter: has an alias'],
  ['a tag of YAML’s', { author: '!!js/function x' }, 'a.md:4: front matter: '],
])('refuses %s by file and line', (_, changes, message) => {
  const problems = problemsOf(file(changes))
  expect(problems).toHaveLength(1)
  expect(problems[0]).toContain(message)
})

test.each([
  ['an empty file', '', 'a.md:1: has no front matter'],
  ['text alone', 'Hello', 'a.md:1: has no front matter'],
  ['an unclosed front matter', '---\ntitle: a\n', 'a.md:1: has no front matter'],
  ['a front matter that is a list', '---\n- a\n---\n', 'a.md:1: has a front matter that is not a list of `key: value`'],
  ['a control character', file({}, 'a\n\u001b[2Jb'), 'a.md:14: has the control character U+001B'],
  ['a NUL', file({}, 'a\n\u0000'), 'a.md:14: has the control character U+0000'],
  ['what is no UTF-8', Uint8Array.of(0x2d, 0xff), 'a.md:1: is not UTF-8 text'],
  ['what is too large', new Uint8Array(largestSourceBytes + 1), 'a.md:1: is larger than 2000000 bytes'],
  ['raw HTML', file({}, 'a\n\n<!--more-->\n\n<b>'), 'a.md:17: has raw HTML'],
  ['a missing mark', file({}, '\n\nPublic.'), 'a.md:15: has no <!--more-->'],
  [
    'an image alone as excerpt',
    file({}, '![](https://x.example/a.png)\n\n<!--more-->\n\nb'),
    'a.md:1: excerpt: is missing',
  ],
])('refuses %s', (_, source, message) => {
  expect(problemsOf(source)).toEqual([expect.stringContaining(message)])
})

test('all problems of a file come at once', () => {
  const source = file({ slug: 'A', author: null, visibility: 'free', color: 'red' }, 'a\n\n<b>\n\n[a](data:x)')
  expect(problemsOf(source).map((problem) => problem.slice(0, 18))).toEqual([
    'a.md:1: author: is',
    'a.md:3: slug: is n',
    'a.md:7: visibility',
    'a.md:11: "color" i',
    'a.md:15: has raw H',
    'a.md:17: has a lin',
  ])
})

test('line ends and a mark of bytes do not count', () => {
  const plain = prepareArticle('a.md', new TextEncoder().encode(file()))
  const windows = prepareArticle('a.md', new TextEncoder().encode(`\ufeff${file().replaceAll('\n', '\r\n')}`))
  expect(windows).toEqual(plain)
})

test.each([
  ['Ralph Waldo Emerson', 'ralph-waldo-emerson'],
  ['G. K. Chesterton', 'g-k-chesterton'],
  ['The Poet’s “Law”', 'the-poets-law'],
  ["Don't -- stop!", 'dont-stop'],
  ['Ælfric Łódź Øre Straße', 'aelfric-lodz-ore-strasse'],
  ['Ünïcödé ﬁne ²', 'unicode-fine-2'],
  ['İstanbul', 'istanbul'],
  ['李白', ''],
])('the slug of %s is %s', (name, slug) => {
  expect(slugify(name)).toBe(slug)
})
