import { expect, test } from '@jest/globals'
import { linksAmong } from './links.ts'

const from = linksAmong(
  new Map([
    ['/blog/a/one.md', { slug: 'first', title: 'Number One' }],
    ['/blog/b/two/index.mdx', { slug: 'second', title: 'Two' }],
    ['/blog/b/عربي.md', { slug: 'third', title: 'عربي' }],
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
  ['../b/one.md', null],
  ['/blog/a/no.md', null],
  ['__proto__', null],
])('%s leads to %s', (target, slug) => {
  expect(from(target)).toBe(slug)
})
