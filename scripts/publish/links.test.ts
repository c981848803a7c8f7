import { expect, test } from '@jest/globals'
import { linksAmong } from './links.ts'

const from = linksAmong(
  new Map([
    ['/blog/a/one.md', { slug: 'first', title: 'Number One' }],
    ['/blog/b/two/index.mdx', { slug: 'second', title: 'Two' }],
    ['/blog/b/عربي.md', { slug: 'third', title: 'عربي' }],
    ['/blog/2025/notes.md', { slug: 'notes-2025', title: 'Notes' }],
    ['/blog/2026/notes.md', { slug: 'notes-2026', title: 'Notes' }],
    ['/blog/2026/own.md', { slug: 'own', title: 'Second' }],
    ['/blog/b/index.md', { slug: 'folder-b', title: 'B' }],
  ]),
)('/blog/b/here.md')

test.each([
  ['../a/one.md', 'first'],
  ['../a/one', 'first'],
  ['./two/', 'second'],
  ['two/index.mdx', 'second'],
  ['عربي.md', 'third'],
  ['Number one', 'first'],
  ['one', 'first'],
  ['own', 'own'],
  ['notes-2025', 'notes-2025'],
  ['../2025/notes.md', 'notes-2025'],
  ['../b/one.md', null],
  ['/blog/a/no.md', null],
  ['__proto__', null],
])('%s is resolved to %s', (target, slug) => {
  expect(from(target)).toEqual(slug === null ? null : expect.objectContaining({ slug }))
})

test.each(['notes', 'Notes', 'notes.md', 'second'])('%s is ambiguous', (target) => {
  expect(from(target)).toBe('several')
})
