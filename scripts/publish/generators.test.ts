import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { readBatch } from './files.ts'
import { lostWords } from './lost-words.ts'

const folder = path.join(import.meta.dirname, 'fixtures/blogs')
const styles = ['astro', 'eleventy', 'gatsby', 'hugo', 'jekyll']
const defaults = { visibility: 'public', author: 'Sample Writer', timeZone: 'Europe/Berlin', language: null }
const batch = await readBatch(
  styles.map((style) => path.join(folder, style)),
  defaults,
)
const shortName = (file: string): string => path.relative(folder, path.resolve(file)).replaceAll(path.sep, '/')
const articles = new Map(batch.articles.map((article) => [shortName(article.path), article]))

interface Published {
  readonly slug: string
  readonly title: string
  /** The instant, or null for a draft. */
  readonly at: string | null
  readonly tags: readonly string[]
  readonly rest?: object
  /** Expected parts of the HTML. */
  readonly html?: readonly string[]
  readonly warnings: readonly string[]
}

const attributes = 'has attributes in braces'
const cover = (line: number, key: string) => `${line}: "${key}" is stored but not shown`
const unused = (line: number, key: string) => `${line}: "${key}" is ignored`

const published: Readonly<Record<string, Published>> = {
  'hugo/the-salt-road.md': {
    slug: 'the-salt-road',
    title: 'The salt road',
    at: '2025-01-12T08:30:00.000Z',
    tags: ['walking', 'salt', 'Essays'],
    rest: {
      series: expect.objectContaining({ slug: 'old-roads' }),
      excerpt: 'A walk of four days along the way that salt once took over the hills.',
      previewHtml: expect.stringMatching(/^<p>Nobody built the salt road\.[^]*a strip of sky\.<\/p>\n$/),
    },
    html: ['<a href="#user-content-the-iron-door">iron door</a>', '<section data-footnotes class="footnotes">'],
    warnings: [unused(4, 'lastmod'), unused(10, 'weight'), unused(11, 'aliases')],
  },
  'hugo/a-day-at-the-weir.md': {
    slug: 'weir',
    title: 'A day at the weir',
    at: '2025-03-01T23:00:00.000Z',
    tags: ['rivers', 'work'],
    rest: { series: expect.objectContaining({ name: 'Old roads' }) },
    html: ['and looks at it.</p>', '<td align="right">305</td>', '<em>one metre ninety</em>'],
    warnings: [
      unused(4, 'lastmod'),
      unused(8, 'weight'),
      unused(10, 'params'),
      unused(14, 'resources'),
      `20: ${attributes}`,
    ],
  },
  'hugo/winter-bread/index.md': {
    slug: 'winter-bread',
    title: 'Winter bread',
    at: '2025-12-08T06:00:00.000Z',
    tags: ['bread', 'winter'],
    rest: {
      excerpt: 'Rye, patience and a cold kitchen.',
      cover: { source: 'crumb.jpg', alt: 'The crumb of a rye loaf' },
    },
    html: [
      'radiator. Rye likes to be left alone 🍞.',
      '<a href="/articles/the-salt-road/">the next day</a>',
      'callout-tip',
    ],
    warnings: [
      '3: "date" is ignored because "publishDate" is set',
      unused(4, 'lastmod'),
      cover(10, 'cover'),
      '25: has a word between single ~, which is struck through',
    ],
  },
  'hugo/notes-for-later.md': {
    slug: 'notes-for-later',
    title: 'Notes for later',
    at: null,
    tags: ['notes'],
    warnings: [unused(6, 'expiryDate')],
  },
  'hugo/souk/index.ar.md': {
    slug: 'souk-ar',
    title: 'سوق الورّاقين',
    at: '2025-10-04T22:00:00.000Z',
    tags: ['كتب', 'أسواق'],
    rest: { lang: 'ar', series: expect.objectContaining({ slug: 'مدن-قديمة' }) },
    html: ['<h2 id="user-content-رائحة-الورق">رائحة الورق</h2>', '<code>No refunds</code>', '<ol>\n<li>دخلت'],
    warnings: [unused(7, 'weight')],
  },
  'jekyll/_posts/2025-03-14-the-clock-in-the-square.md': {
    slug: 'clock',
    title: 'The clock in the square',
    at: '2025-03-13T23:00:00.000Z',
    tags: ['clocks', 'towns', 'history towns'],
    rest: { previewHtml: expect.stringMatching(/because of\nit\.<\/p>\n$/) },
    html: ['<a href="#user-content-the-repair">below</a>', '<h2 id="user-content-why-it-is-fast">Why it is fast</h2>'],
    warnings: [
      unused(2, 'layout'),
      '5: categories: is read as one name',
      unused(7, 'excerpt_separator'),
      unused(8, 'comments'),
      `13: ${attributes}`,
      `18: ${attributes}`,
    ],
  },
  'jekyll/_posts/2025-05-20-seven-kinds-of-rain.markdown': {
    slug: 'seven-kinds-of-rain',
    title: 'Seven kinds of rain',
    at: '2025-05-20T17:45:00.000Z',
    tags: ['words', 'weather'],
    html: ['<dt>Mizzle</dt>\n<dd>Too thin', '<abbr title="Meteorological">MET</abbr> Office\'s list'],
    warnings: [unused(2, 'layout'), unused(7, 'last_modified_at'), '10: has a placeholder for a table of contents'],
  },
  'jekyll/_posts/2025-06-01-باغ-انار.md': {
    slug: 'باغ-انار',
    title: 'باغ انار',
    at: '2025-05-31T22:00:00.000Z',
    tags: ['باغ', 'پاییز'],
    rest: { lang: 'fa' },
    html: ['<mark>آب را هدر ندهید</mark>', 'بنی آدم اعضای یکدیگرند<br>'],
    warnings: [unused(2, 'layout'), `9: ${attributes}`],
  },
  'jekyll/_posts/2025-07-11-writing-about-liquid.md': {
    slug: 'writing-about-liquid',
    title: 'Writing about Liquid in Liquid',
    at: '2025-07-10T22:00:00.000Z',
    tags: [],
    html: ['{% raw %}', '<a href="/articles/clock/">the clock</a>'],
    warnings: [unused(2, 'layout'), '11: has code with escape marks of another generator'],
  },
  'jekyll/_drafts/an-unfinished-argument.md': {
    slug: 'an-unfinished-argument',
    title: 'An unfinished argument',
    at: null,
    tags: ['essays'],
    warnings: [unused(2, 'layout')],
  },
  'astro/why-we-still-fold-maps.md': {
    slug: 'why-we-still-fold-maps',
    title: 'Why we still fold maps',
    at: '2025-07-07T22:00:00.000Z',
    tags: ['maps', 'walking'],
    rest: { cover: { source: '../../assets/map-on-table.jpg', alt: null } },
    html: ['<blockquote>\n<p>“What a useful thing', '<li>Fold it in half, <em>away</em> from you.</li>'],
    warnings: [unused(5, 'updatedDate'), cover(6, 'heroImage')],
  },
  'astro/an-index-of-bells.mdx': {
    slug: 'an-index-of-bells',
    title: 'An index of bells',
    at: '2025-09-21T15:57:52.000Z',
    tags: ['sound', 'towns'],
    rest: {
      cover: null,
      previewHtml: expect.stringMatching(/^<p>From the kitchen[^]*to a goat\.<\/p>\n$/),
    },
    html: ['<td align="center">G</td>', 'the <del>hour</del> day'],
    warnings: [unused(5, 'modDatetime'), unused(6, 'featured')],
  },
  'astro/winter-of-jars.md': {
    slug: 'winter-of-jars',
    title: '장독대의 겨울',
    at: '2025-11-29T23:00:00.000Z',
    tags: ['음식', '겨울'],
    rest: { lang: 'ko', cover: { source: '../../assets/jars.jpg', alt: '눈 덮인 장독대' } },
    html: ['<mark>손님은 언제 올지 모르니까</mark>', '<li><strong>큰애기</strong>: 된장</li>'],
    warnings: [cover(6, 'heroImage')],
  },
  'eleventy/the-beekeepers-year.md': {
    slug: 'the-beekeepers-year',
    title: "The beekeeper's year",
    at: '2025-02-10T23:00:00.000Z',
    tags: ['posts'],
    html: ['<dt>February</dt>\n<dd>listen</dd>', '<p class="callout-title">Do not breathe</p>'],
    warnings: [unused(4, 'layout'), unused(6, 'eleventyNavigation')],
  },
  'eleventy/the-price-of-ink.md': {
    slug: 'the-price-of-ink',
    title: 'The price of ink',
    at: '2025-03-29T23:00:00.000Z',
    tags: ['posts', 'printing'],
    html: ['<math display="block"', '<mfrac>', 'data-footnote-ref'],
    warnings: ['7: permalink: is not a fixed address', unused(8, 'eleventyComputed')],
  },
  'eleventy/chai.md': {
    slug: 'chai',
    title: 'چائے کا وقت',
    at: '2025-05-03T22:00:00.000Z',
    tags: ['posts', 'چائے'],
    rest: { lang: 'ur' },
    html: ['<ol>\n<li>پانی کو', '<td>فجر کے بعد</td>', 'callout-note', 'دم نکلے<br>'],
    warnings: [],
  },
  'eleventy/kikar.md': {
    slug: 'kikar',
    title: 'הספסל בכיכר',
    at: '2025-07-22T14:00:00.000Z',
    tags: ['posts', 'כיכר'],
    rest: { lang: 'he' },
    html: ['<mark>אף־על־פי שהוא תמיד אותו הדבר</mark>', '<bdi>Café Rimon</bdi>', 'language-js'],
    warnings: [],
  },
  'eleventy/colophon.md': {
    slug: 'colophon',
    title: 'Colophon',
    at: null,
    tags: [],
    warnings: ['5: "eleventyExcludeFromCollections": the article is stored as a draft'],
  },
  'gatsby/walking-to-school/index.md': {
    slug: 'walking-to-school',
    title: 'Walking to school',
    at: '2025-01-20T08:00:00.000Z',
    tags: ['childhood', 'walking'],
    rest: {
      excerpt: 'Three kilometres, two dogs and a short cut.',
      cover: { source: './hero.jpg', alt: null },
      previewHtml: expect.stringMatching(/^<p>It was three[^]*being fast\.<\/p>\n$/),
    },
    html: ['<pre><code class="language-js"><span class="hljs-keyword">const</span> way'],
    warnings: [
      unused(3, 'template'),
      cover(6, 'featuredImage'),
      '21: has code with words after its language',
      '25: has code that another generator replaces by an embed',
    ],
  },
  'gatsby/kanazawa/index.md': {
    slug: 'kanazawa',
    title: '金沢の雨',
    at: '2025-04-29T22:00:00.000Z',
    tags: ['旅', '雨'],
    rest: { lang: 'ja', excerpt: expect.stringContaining('空は晴れていたので、私はその言葉を信じなかった。') },
    html: ['<ruby>格子<rt>こうし</rt></ruby>', '<mark>傘はまた帰ってきますよ</mark>', '古池や<br>'],
    warnings: [unused(6, 'template'), cover(7, 'featuredImage')],
  },
}

const template = 'has a shortcode or an expression of a template'
const component = (name: string) => `has raw HTML, the component <${name}>`
const refused: Readonly<Record<string, readonly string[]>> = {
  'hugo/lighthouse/index.md': [`11: ${template}`, `15: ${template}`, `19: ${template}`, `21: ${template}`],
  'jekyll/_posts/2025-04-02-reading-a-log-file.md': [
    `10: ${template}`,
    `12: ${template}`,
    `14: ${template}`,
    `16: ${template}`,
  ],
  'astro/the-colour-of-harbours.mdx': [
    '6: has an MDX import or export',
    '6: has an MDX expression',
    `12: ${component('Swatch')}`,
    '14: has an MDX expression',
  ],
  'astro/first-try.md': ['3: pubDate: is not a date or time'],
  'eleventy/collected.md': [
    '8: has a comment of a template',
    `12: ${template}`,
    `13: ${template}`,
    `14: ${template}`,
    `16: ${template}`,
  ],
  'gatsby/the-museum-of-keys/index.md': [
    '12: has an image without a full https: address',
    '14: has a relative link that leads to no article',
    '14: has a relative link that leads to no article',
    `17: ${component('Gallery')}`,
  ],
  'gatsby/tea-house.mdx': [
    '7: has an MDX import or export',
    `11: ${component('Callout')}`,
    `15: ${component('Callout')}`,
    '17: has raw HTML, <div>',
    '17: has raw HTML, <div>',
    '17: has an MDX import or export',
    '17: has an MDX expression',
  ],
  'gatsby/a-table-of-tides/index.md': [
    '13: has a table row with more cells than columns',
    '18: has a second footnote with the same name',
  ],
}

test('every file has an expected outcome', () => {
  const read = [...articles.keys(), ...batch.problems.map(({ path: file }) => shortName(file))]
  expect([...new Set(read)].sort()).toEqual([...Object.keys(published), ...Object.keys(refused)].sort())
  expect(read.length).toBeGreaterThan(20)
})

test.each(Object.entries(published))('%s is published as intended without loss of text', (name, outcome) => {
  const article = articles.get(name)
  const { slug, title, at, tags, rest = {}, html = [], warnings } = outcome
  expect(article).toMatchObject({ slug, title, publishedAt: at === null ? null : new Date(at), ...rest })
  expect(article?.tags.map((tag) => tag.name)).toEqual(tags)
  for (const part of html) expect(article?.wholeHtml).toContain(part)
  expect(article?.warnings.map(({ line, message }) => `${line}: ${message}`)).toEqual(
    warnings.map((message) => expect.stringContaining(message)),
  )
  expect(lostWords(readFileSync(path.join(folder, name), 'utf8'), article?.wholeHtml ?? '')).toEqual([])
})

test.each(Object.entries(refused))('%s is refused with its line', (name, messages) => {
  const problems = batch.problems.filter(({ path: file }) => shortName(file) === name)
  expect(problems.map(({ line, message }) => `${line}: ${message}`)).toEqual(
    messages.map((message) => expect.stringContaining(message)),
  )
})

test('reports the text above a list', () => {
  expect(batch.warnings).toContainEqual(
    expect.objectContaining({
      path: expect.stringMatching(/_index\.md$/),
      message: expect.stringContaining('text of a list page'),
    }),
  )
})
