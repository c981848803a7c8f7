import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { prepareArticle } from '../prepare.ts'
import { formatProblem } from '../problems.ts'
import { slugify } from '../slug.ts'
import { largestSourceBytes } from '../source.ts'

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

/** Returns the file with some lines changed or, for null, removed. */
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

test('reads all fields of a file', () => {
  expect(prepareArticle('a.md', new TextEncoder().encode(file()))).toMatchObject({
    path: 'a.md',
    title: 'A “title”: part one',
    slug: 'a-title',
    author: { name: 'Zoë O’Hara', slug: 'zoe-ohara' },
    series: { name: 'Essays & more', slug: 'essays-more' },
    lang: null,
    cover: null,
    warnings: [],
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
])('reads the visibility %s', (written, visibility, planSlugs) => {
  const prepared = prepareArticle('a.md', new TextEncoder().encode(file({ visibility: written })))
  expect(prepared).toMatchObject({ requirement: { visibility, planSlugs } })
})

test('a draft has no date even if its file names one', () => {
  const draft = prepareArticle('a.md', new TextEncoder().encode(file({ status: 'draft' })))
  expect(draft).toMatchObject({ publishedAt: null })
  expect(problemsOf(file({ status: 'draft', publishedAt: null }))).toEqual([])
})

test('the author’s excerpt replaces the generated one', () => {
  const prepared = prepareArticle('a.md', new TextEncoder().encode(file({ excerpt: 'Read this.' })))
  expect(prepared).toMatchObject({ excerpt: 'Read this.' })
})

test.each<[string, Record<string, string | null>, string]>([
  ['a missing title', { title: null }, 'a.md:1: title: is missing'],
  ['a missing author', { author: null }, 'a.md:1: author: is missing; name an author, or set DEFAULT_AUTHOR'],
  ['a missing visibility', { visibility: null }, 'a.md:1: visibility: is missing; write public, members, paid,'],
  ['an empty title', { title: '""' }, 'a.md:2: title: is missing'],
  ['a key without value', { title: '' }, 'a.md:2: title: is missing'],
  ['a control character', { title: '"a\\0b"' }, 'a.md:2: title: contains a control character'],
  ['half a character', { title: '"a\\ud800"' }, 'a.md:2: title: contains a control character'],
  ['a slug without letters', { slug: '"!?"' }, 'a.md:3: slug: has no letter or digit'],
  [
    'a slug too long',
    { slug: 'a'.repeat(201) },
    'a.md:3: slug: makes an address that is too long (at most 200 ASCII characters',
  ],
  [
    'a slug too long in bytes',
    { slug: '字'.repeat(51) },
    'a.md:3: slug: makes an address that is too long (at most 200 ASCII characters',
  ],
  ['an author without letters', { author: '"!?"' }, 'a.md:4: author: has no letter or digit for an address'],
  ['an author too long in bytes', { author: '字'.repeat(51) }, 'a.md:4: author: makes an address that is too long'],
  ['a year in words', { year: 'MDCCC' }, 'a.md:6: year: is not a whole number'],
  [
    'too many tags',
    { tags: `[${Array.from({ length: 21 }, (_, index) => `t${index}`).join()}]` },
    'a.md:7: tags: has more',
  ],
  ['an empty tag', { tags: '\n  - a\n  - ""' }, 'a.md:9: tags: is empty'],
  ['an unknown visibility', { visibility: 'plans:patron' }, 'a.md:8: visibility: is not one of public, members, paid'],
  ['a visibility in capitals', { visibility: 'Public' }, 'a.md:8: visibility: is not one of'],
  ['a visibility that is a list', { visibility: '[public]' }, 'a.md:8: visibility: is not one of'],
  ['plans without a name', { visibility: '"plan:"' }, 'a.md:8: visibility: is not one of'],
  ['plans with a gap', { visibility: 'plan:a,,b' }, 'a.md:8: visibility: is not one of'],
  ['a draft value that is not a boolean', { draft: 'maybe' }, 'a.md:12: draft: is neither true nor false'],
  ['published without a date', { publishedAt: null }, 'a.md:9: publishedAt: is missing'],
  ['an impossible day', { publishedAt: '2026-02-30T07:00:00Z' }, 'a.md:10: publishedAt: is not a date or time'],
  ['an ambiguous day', { publishedAt: '1/2/2026' }, 'a.md:10: publishedAt: is not a date or time'],
  ['a year alone', { publishedAt: '2026' }, 'a.md:10: publishedAt: is not a date or time'],
  ['an excerpt too long', { excerpt: 'a'.repeat(501) }, 'a.md:12: excerpt: is longer than 500 characters'],
  ['broken YAML', { author: '[a' }, 'front matter: '],
  ['a key twice', { license: 'a\ntitle: b' }, 'a.md:12: front matter: Map keys must be unique'],
  ['a YAML tag', { author: '!!js/function x' }, 'a.md:4: front matter: '],
  ['a front matter too long', { x: 'a'.repeat(50_000) }, 'a.md:1: has front matter of more than 50000 characters'],
])('refuses %s and names file and line', (_, changes, message) => {
  const problems = problemsOf(file(changes))
  expect(problems).toHaveLength(1)
  expect(problems[0]).toContain(message)
})

test('refuses references that expand to gigabytes', () => {
  const lines = ['x0: &x0 [a, a, a, a, a, a, a, a, a]']
  for (let level = 1; level < 9; level += 1)
    lines.push(
      `x${level}: &x${level} [${Array(9)
        .fill(`*x${level - 1}`)
        .join()}]`,
    )
  expect(problemsOf(`---\n${lines.join('\n')}\n---\nText.`)).toEqual([
    'a.md:1: front matter: has more than 50 references (*name)',
  ])
})

// A title without visible characters cannot be found in lists. An override displays another title than the stored one.
const unseen = ['\u200b', '\u00ad', '\u2060\ufeff', '\u3164', '\u2800', '\u00a0 \u2003', '\ufe0f', '\u{e0041}']
const reordering = ['a\u202eb', 'a\u202ab\u202c', 'a\u2066b\u2069', '\u2067']

test.each(['title', 'author', 'series', 'tags'])('refuses a name without a visible character as %s', (field) => {
  for (const name of [...unseen, ...reordering]) {
    // An optional key with only white space counts as empty.
    if (field === 'series' && name.trim() === '') continue
    const written = JSON.stringify(name)
    const [problem, ...more] = problemsOf(file({ [field]: field === 'tags' ? `[${written}]` : written }))
    expect(more).toEqual([])
    expect(problem).toMatch(
      new RegExp(`^a\\.md:\\d+: ${field}: (has no visible character|contains a bidirectional override|is )`),
    )
  }
})

test.each([
  ['Persian with joiners', 'می‌خواهم'],
  ['Hebrew with a mark of direction', 'שלום\u200e C++'],
  ['a family', '👩‍👩‍👧‍👦 at home'],
])('accepts a title with useful invisible characters: %s', (_, title) => {
  const prepared = prepareArticle('a.md', new TextEncoder().encode(file({ title: JSON.stringify(title) })))
  expect(prepared).toMatchObject({ title })
})

test.each([
  ['an empty file', '', 'a.md:1: has no front matter'],
  ['text alone', 'Hello', 'a.md:1: has no front matter'],
  ['an unclosed front matter', '---\ntitle: a\n', 'a.md:1: has no front matter'],
  ['a front matter that is a list', '---\n- a\n---\n', 'a.md:1: has front matter that is not a list of `key: value`'],
  ['a control character', file({}, 'a\n\u001b[2Jb'), 'a.md:14: contains the control character U+001B'],
  ['a NUL', file({}, 'a\n\u0000'), 'a.md:14: contains the control character U+0000'],
  ['a file that is not UTF-8', Uint8Array.of(0x2d, 0xff), 'a.md:1: is not UTF-8 text'],
  ['a file that is too large', new Uint8Array(largestSourceBytes + 1), 'a.md:1: is larger than 2000000 bytes'],
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

test('reports all problems of a file at once', () => {
  const source = file({ slug: '"!"', author: null, visibility: 'free', color: 'red' }, 'a\n\n<b>\n\n[a](data:x)')
  expect(problemsOf(source).map((problem) => problem.slice(0, 18))).toEqual([
    'a.md:1: author: is',
    'a.md:3: slug: has ',
    'a.md:7: visibility',
    'a.md:15: has raw H',
    'a.md:17: has a lin',
  ])
})

test('line ends and a byte order mark do not change the article', () => {
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
  ['İSTANBUL Iğdır', 'istanbul-igdir'],
  ['李白', '李白'],
  ['Café 東京', 'cafe-東京'],
  ['がぎぐ', 'がぎぐ'],
  ['ｶﾞｷﾞ ＡＢＣ', 'ガギ-abc'],
  ['한국어 블로그', '한국어-블로그'],
  ['Война и мир. Том й', 'война-и-мир-том-й'],
  ['Ἀθῆναι ΣΟΦΟΣ', 'ἀθῆναι-σοφος'],
  ['سلام دنیا', 'سلام-دنیا'],
  ['می‌خواهم', 'میخواهم'],
  ['جـميل', 'جميل'],
  ['שלום־עולם', 'שלום-עולם'],
  ['ז׳בוטינסקי צה״ל', 'זבוטינסקי-צהל'],
  ['สวัสดีชาวโลก ที่นี่', 'สวัสดีชาวโลก-ที่นี่'],
  ['हिन्दी में', 'हिन्दी-में'],
  ['C', 'c'],
  ['C++', 'c-plus-plus'],
  ['C#', 'c-sharp'],
  ['F# and C++ 20', 'f-sharp-and-c-plus-plus-20'],
  ['1+1 #tag', '1-1-tag'],
  ['😀', ''],
  ['\u200b', ''],
  ['\u0301', ''],
])('the slug of %s is %s', (name, slug) => {
  expect(slugify(name)).toBe(slug)
})

test('the slug of any name is a valid slug and one part of a path', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (name) => {
      const slug = slugify(name)
      expect(slugify(slug)).toBe(slug)
      expect(slug.normalize('NFC')).toBe(slug)
      expect(slug).not.toMatch(/[\s/\\.%?#&<>"'\p{C}]|^-|-$|--/u)
      expect(decodeURIComponent(encodeURIComponent(slug))).toBe(slug)
    }),
    { numRuns: 2_000 },
  )
})

const open = { visibility: 'public', author: null, timeZone: 'UTC', language: null }
const prepared = (path: string, source: string) => prepareArticle(path, new TextEncoder().encode(source), open)

test.each([
  ['paywall', 'true'],
  ['members', 'true'],
  ['plans', '[gold]'],
  ['Restricted', 'yes'],
  ['visibilty', 'paid'],
  ['params', '{ visibility: members }'],
  ['params', '{ shop: { premium: true } }'],
])('refuses the key %s: %s although the default visibility is public', (key, value) => {
  const article = prepared('a.md', file({ visibility: null, [key]: value }))
  expect('problems' in article && article.problems.map(({ message }) => message)).toEqual([
    `visibility: is missing; the key "${key}" is not supported`,
  ])
})

test('moving a file to the drafts or to another day changes its hash', () => {
  const source = file({ publishedAt: null, status: null, slug: 'a' })
  const hashes = ['_drafts/a.md', 'posts/2024-05-01-a.md', 'posts/2024-05-02-a.md'].map((path) => {
    const article = prepared(path, source)
    return 'problems' in article ? article.problems : article.sourceHash
  })
  expect(new Set(hashes).size).toBe(3)
})
