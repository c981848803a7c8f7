import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { formatProblem, prepareArticle } from '../index.ts'

// Front matter of real blogs, with the expected fields.

const folder = path.join(import.meta.dirname, 'fixtures')

function prepared(name: string) {
  const article = prepareArticle(name, readFileSync(path.join(folder, name)))
  if ('problems' in article) return article.problems.map(formatProblem)
  return { ...article, warnings: article.warnings.map(formatProblem) }
}

const author = (name: string, slug: string) => expect.objectContaining({ name, slug })
const noon = new Date('2026-01-02T03:04:05Z')

test.each<[string, Record<string, unknown>]>([
  ['author-case-1.md', { tags: [author('Gardens', 'gardens')] }],
  ['author-case-2.md', { tags: [author('gardens', 'gardens')] }],
  [
    'fm-anchor.md',
    { author: author('Sample Writer', 'sample-writer'), series: author('Sample Writer', 'sample-writer') },
  ],
  ['fm-author-cjk.md', { author: author('王小明', '王小明') }],
  ['fm-date-key.md', { publishedAt: new Date('2026-01-02T00:00:00Z') }],
  ['fm-date-only.md', { publishedAt: new Date('2026-01-02T00:00:00Z') }],
  ['fm-draft-true.md', { publishedAt: null }],
  [
    'fm-image.md',
    {
      cover: { source: 'cover.png', alt: null },
      warnings: ['fm-image.md:8: "image" is stored but not shown, because cover images are not supported yet'],
    },
  ],
  ['fm-leading-blank.md', { title: 'x', slug: 'fm-leading-blank', publishedAt: null }],
  ['fm-slug-path.md', { slug: 'my-post', warnings: ['fm-slug-path.md:3: slug: the address is my-post'] }],
  ['fm-slug-upper.md', { slug: 'my-post', warnings: ['fm-slug-upper.md:3: slug: the address is my-post'] }],
  ['fm-tag-cjk.md', { tags: [author('日本語', '日本語')] }],
  ['fm-tag-single.md', { tags: [author('garden', 'garden')] }],
  ['fm-tag-symbol.md', { tags: [author('C++', 'c-plus-plus'), author('C#', 'c-sharp'), author('C', 'c')] }],
  [
    'fm-title-colon.md',
    {
      title: 'Part two: the garden',
      warnings: ['fm-title-colon.md:2: front matter: the value is read as text; put it in quotes'],
    },
  ],
  ['fm-title-number.md', { title: '1984' }],
  ['fm-toml.md', { title: 'TOML', slug: 'fm-toml', publishedAt: noon }],
  ['fm-unknown.md', { excerpt: 'About gardens', warnings: ['fm-unknown.md:9: "layout" is ignored'] }],
])('reads the fields of %s', (name, expected) => {
  expect(prepared(name)).toMatchObject({ warnings: [], ...expected })
})

test.each([
  // A file without front matter, such as a README, is not an article.
  ['fm-none.md', 'has no front matter: write lines of `key: value` between two lines of --- (or TOML between +++)', 1],
  ['title-invisible.md', 'title: has no visible character', 2],
])('refuses %s and names the line', (name, message, line) => {
  expect(prepared(name)).toEqual([`${name}:${line}: ${message}`])
})
