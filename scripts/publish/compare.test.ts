import { expect, test } from '@jest/globals'
import {
  prepareArticle,
  type PreparedArticle,
  type StoredForComparison,
} from '../../server/src/content/publishing/index.ts'
import { compareArticle } from './compare.ts'

function written(body: string, visibility = 'paid'): PreparedArticle {
  const source = `---\ntitle: T\nslug: t\nauthor: A\ntags: [x]\nvisibility: ${visibility}\nstatus: published\npublishedAt: 2026-08-03T07:00:00Z\n---\n${body}`
  const prepared = prepareArticle('t.md', new TextEncoder().encode(source))
  if ('problems' in prepared) throw new Error(JSON.stringify(prepared.problems))
  return prepared
}

const body = 'Public.\n\n<!--more-->\n\nPaid.\n\nThe end.'
const article = written(body)
const stored: StoredForComparison = {
  sourceHash: article.sourceHash,
  title: 'T',
  author: 'A',
  series: null,
  tags: ['x'],
  visibility: 'paid',
  publishedAt: new Date('2026-08-03T07:00:00Z'),
  excerpt: 'Public.',
  previewHtml: article.previewHtml,
  restHtml: article.restHtml,
  lang: null,
  cover: null,
  extra: { demo: true },
}

test('a new article is shown by its head', () => {
  const change = compareArticle(article, undefined)
  expect(change).toMatchObject({ kind: 'create', seenHash: null })
  expect(change.lines).toEqual(expect.arrayContaining(['title: T', 'visibility: paid', 'excerpt: Public.']))
  expect(change.lines.join()).not.toContain('Paid')
})

test('the same article is unchanged', () => {
  expect(compareArticle(article, stored)).toMatchObject({ kind: 'unchanged', lines: [] })
})

test('a requirement changed elsewhere is an update', () => {
  const change = compareArticle(article, { ...stored, visibility: 'public' })
  expect(change).toMatchObject({ kind: 'update', seenHash: stored.sourceHash, lines: ['visibility: public → paid'] })
})

test('only what differs is shown', () => {
  const change = compareArticle(written(body.replace('Paid.', 'Paid anew.'), 'plan:b,a'), { ...stored, title: 'Old' })
  expect(change.lines).toEqual([
    'title: Old → T',
    'visibility: paid → plan:a,b',
    'rest:',
    '  - <p>Paid.</p>',
    '  + <p>Paid anew.</p>',
  ])
})

test('a long paragraph is shown from its difference', () => {
  const long = 'word '.repeat(200)
  const change = compareArticle(written(body.replace('Paid.', `${long}new ${long}`)), {
    ...stored,
    restHtml: stored.restHtml.replace('Paid.', `${long}old ${long}`),
  })
  expect(change.lines).toHaveLength(3)
  expect(change.lines[1]).toMatch(/^ {2}- ….{30}old word .*…$/)
  expect(change.lines[2]).toMatch(/^ {2}\+ ….{30}new word .*…$/)
})

test('many changed lines are counted, not shown', () => {
  const many = Array.from({ length: 30 }, (_, index) => `Line ${index}.`).join('\n\n')
  const { lines } = compareArticle(written(`${body}\n\n${many}`), stored)
  expect(lines).toHaveLength(14)
  expect(lines.at(-1)).toMatch(/^ {2}… and \d+ more changed lines$/)
})

test('stored text cannot control the terminal', () => {
  const { lines } = compareArticle(written(body, 'members'), {
    ...stored,
    title: 'a\u001b[2J\nb',
    restHtml: '\u009b31m',
  })
  expect(lines.join('')).not.toMatch(/\p{Cc}/u)
})
