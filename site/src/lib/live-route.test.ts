import { expect, test } from '@jest/globals'
import { liveAddressOf } from './live-route.ts'

test.each([
  ['/articles/the-beat/', 'article', 'the-beat'],
  ['/articles/the-beat', 'article', 'the-beat'],
  ['/articles/7/', 'article', '7'],
  ['/tags/essays/', 'tag', 'essays'],
  ['/authors/g-k-chesterton/', 'author', 'g-k-chesterton'],
  ['/series/walks/', 'series', 'walks'],
  [`/articles/${'a'.repeat(200)}/`, 'article', 'a'.repeat(200)],
])('%s may be there: %s %s', (path, kind, slug) => {
  expect(liveAddressOf(path)).toEqual({ kind, slug })
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
  '/articles/b%C3%A9at/',
  '/articles/béat/',
  '//articles/the-beat/',
  'articles/the-beat/',
  '/plans/supporter/',
  '/article/the-beat/',
  '/Articles/the-beat/',
  '/constructor/the-beat/',
  `/articles/${'a'.repeat(201)}/`,
])('%j is nowhere', (path) => {
  expect(liveAddressOf(path)).toBeNull()
})
