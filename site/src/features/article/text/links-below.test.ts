import { expect, test } from '@jest/globals'
import { withLinksBelow } from './links-below.ts'

test.each([
  [
    'a footnote',
    '<sup><a id="a" data-below="#user-content-fn-1">1</a></sup>',
    '<sup><a id="a" href="#user-content-fn-1">1</a></sup>',
  ],
  ['a heading', '<a data-below="#user-content-b">b</a>', '<a href="#user-content-b">b</a>'],
  [
    'a link after a > in a value',
    '<a title="a > b" aria-label=\'c > "d"\' data-below="#user-content-b">b</a>',
    '<a title="a > b" aria-label=\'c > "d"\' href="#user-content-b">b</a>',
  ],
  [
    'a link behind a value that looks like one',
    '<img alt=\'<a data-below="#b">\'>',
    '<img alt=\'<a data-below="#b">\'>',
  ],
  ['any other link', '<a href="/b" title="data-below">b</a>', '<a href="/b" title="data-below">b</a>'],
  ['text that looks like one', '<p>&#x3C;a data-below="#b"></p>', '<p>&#x3C;a data-below="#b"></p>'],
])('gives %s its address where it has none', (_, html, linked) => {
  expect(withLinksBelow(html)).toBe(linked)
})
