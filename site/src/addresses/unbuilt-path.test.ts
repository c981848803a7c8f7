import { expect, test } from '@jest/globals'
import { parseUnbuiltPath } from './unbuilt-path.ts'

test.each([
  ['/articles/the-beat/', 'article', 'the-beat'],
  ['/articles/the-beat', 'article', 'the-beat'],
  ['/articles/7/', 'article', '7'],
  ['/tags/essays/', 'tag', 'essays'],
  ['/authors/g-k-chesterton/', 'author', 'g-k-chesterton'],
  ['/series/walks/', 'series', 'walks'],
  ['/articles/b%C3%A9at/', 'article', 'béat'],
  ['/articles/béat/', 'article', 'béat'],
  ['/authors/%E7%8E%8B%E5%B0%8F%E6%98%8E/', 'author', '王小明'],
  ['/tags/%D7%A9%D7%9C%D7%95%D7%9D-%D7%A2%D7%95%D7%9C%D7%9D/', 'tag', 'שלום-עולם'],
  ['/tags/ที่นี่/', 'tag', 'ที่นี่'],
  [`/articles/${'a'.repeat(200)}/`, 'article', 'a'.repeat(200)],
])('%s may have been published: %s %s', (path, kind, slug) => {
  expect(parseUnbuiltPath(path)).toEqual({ kind, slug })
})

test.each([
  '',
  '/',
  '/404.html',
  '/articles/',
  '/articles//',
  '/articles/The-Beat/',
  '/articles/the--beat/',
  '/articles/-beat/',
  '/articles/beat-/',
  '/articles/the_beat/',
  '/articles/the-beat/page/2/',
  '/articles/the-beat//',
  '/articles/the-beat/\n',
  '/articles/%2e%2e/',
  '/articles/%E7%8E/',
  '/articles/be\u0301at/',
  '/articles/B%C3%89AT/',
  '/articles/a%2Fb/',
  '/articles/a%00b/',
  '/articles/a%E2%80%AEb/',
  `/articles/${'字'.repeat(67)}/`,
  '//articles/the-beat/',
  'articles/the-beat/',
  '/plans/supporter/',
  '/article/the-beat/',
  '/Articles/the-beat/',
  '/constructor/the-beat/',
  `/articles/${'a'.repeat(201)}/`,
])('%j is no path of the site', (path) => {
  expect(parseUnbuiltPath(path)).toBeNull()
})
