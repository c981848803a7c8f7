import { expect, test } from '@jest/globals'
import { findAnswer } from '../find-answer.ts'
import { headersFor, parseHeaders } from './headers-file.ts'
import { parseRedirects } from './redirects-file.ts'

const file = `\uFEFF# Every answer
/*
  X-Frame-Options: DENY
  Cache-Control: no-cache

  # Two lines of one name are one list.
  Link: </a.css>; rel=preload
\tlink:  </b.css>; rel=preload\r
/static/*
  cache-control: immutable
/*.xml
  Content-Type: application/rss+xml; charset=utf-8
/plain/page/
  ! X-Frame-Options
/tags/old%20age/
  X-Tag: a # b: c
`

const links = '</a.css>; rel=preload, </b.css>; rel=preload'
const ofAll = { 'x-frame-options': 'DENY', 'cache-control': 'no-cache', link: links }

test.each([
  ['/', ofAll],
  ['/static', ofAll],
  ['/static/', { ...ofAll, 'cache-control': 'immutable' }],
  ['/static/a/b.js', { ...ofAll, 'cache-control': 'immutable' }],
  ['/static/a.xml', { ...ofAll, 'cache-control': 'immutable', 'content-type': 'application/rss+xml; charset=utf-8' }],
  ['/a.xml/', ofAll],
  ['/.xml', { ...ofAll, 'content-type': 'application/rss+xml; charset=utf-8' }],
  ['/plain/page/', { 'cache-control': 'no-cache', link: links }],
  ['/plain/page', ofAll],
  ['/plain/page/more', ofAll],
  ['/tags/old age/', { ...ofAll, 'x-tag': 'a # b: c' }],
])('finds the headers of %s', (pathname, headers) => {
  expect(headersFor(parseHeaders(file), pathname)).toEqual(headers)
})

test.each([
  ['  X-A: b', '_headers, line 1: a header must be below a path.'],
  ['static/*\n  X-A: b', '_headers, line 1: "static/*" is not a path: it must start with "/".'],
  ['https://a.example/*', '_headers, line 1: "https://a.example/*" is not a path: it must start with "/".'],
  ['/a/*/b/*', '_headers, line 1: "/a/*/b/*" has more than one "*".'],
  ['/a/:name', '_headers, line 1: "/a/:name": placeholders are not supported.'],
  ['/%zz', '_headers, line 1: "/%zz" has an invalid percent encoding.'],
  ['# a\n\n/*\n  X-A', '_headers, line 4: the line is not "Name: value".'],
  ['/*\n  X-A:', '_headers, line 2: the line is not "Name: value".'],
  ['/*\n  X A: b', '_headers, line 2: the line is not "Name: value".'],
  ['/*\n  X-A: b\u0001', '_headers, line 2: the value of X-A contains characters that are not allowed in a header.'],
  ['/*\n  X-A: “b”', '_headers, line 2: the value of X-A contains characters that are not allowed in a header.'],
  ['/*\n  Content-Length: 5', '_headers, line 2: Content-Length is set by the server and cannot be set in the file.'],
  ['/*\n  Location: /', '_headers, line 2: Location is set by the server and cannot be set in the file.'],
])('refuses the headers %j', (content, problem) => {
  expect(() => parseHeaders(content)).toThrow(new Error(problem))
})

test.each([
  ['/a /b', '_redirects, line 1: the value after the two paths must be one of 200, 301, 302.'],
  ['/a /b 404', '_redirects, line 1: the value after the two paths must be one of 200, 301, 302.'],
  ['/a /b 200!', '_redirects, line 1: the value after the two paths must be one of 200, 301, 302.'],
  ['/a /b 301 Country=au', '_redirects, line 1: conditions are not supported.'],
  ['\n/a https://b.example/ 301', '_redirects, line 2: "https://b.example/" is not a path of this site.'],
  ['/a //b.example/ 301', '_redirects, line 1: "//b.example/" is not a path of this site.'],
  ['/a /\\b.example/ 301', '_redirects, line 1: "/\\b.example/" is not a path of this site.'],
  ['/a /b#c 301', '_redirects, line 1: "/b#c" is not a path of this site.'],
  ['/a /b?c 200', '_redirects, line 1: "/b?c" is not a file of this site.'],
  ['/a/*/* /b 301', '_redirects, line 1: "/a/*/*" has more than one "*".'],
])('refuses the rule %j', (content, problem) => {
  expect(() => parseRedirects(content)).toThrow(new Error(problem))
})

const missing = { kind: 'missing' }
const to = (location: string, status = 301) => ({ kind: 'redirect', status, location })

test.each([
  ['/a  /b  301', '/a', to('/b?x=1')],
  ['/a  /b  302  # for now', '/a', to('/b?x=1', 302)],
  ['/a  /b?y=2  301', '/a', to('/b?y=2')],
  ['/a  /b  301\n/*  /c  301', '/a', to('/b?x=1')],
  ['/a/*  /b/:splat  301', '/a/c/é $&', to('/b/c/%C3%A9%20%24%26?x=1')],
  ['/a  /b  301', '/a/', missing],
  // A page has its slash; what is named exactly, as a feed, has none.
  ['/a/*  /nothing.html  200', '/a/b', to('/a/b/?x=1')],
  ['/feed  /nothing.xml  200', '/feed', missing],
  // What is asked for must not become the name of another site.
  ['/a*  /:splat  301', '/a/evil.example/', missing],
  ['/a/*  /:splat/  301', '/a/', missing],
  // Nor the name of what is hidden or outside.
  ['/a/*  /:splat  200', '/a/_headers', to('/a/_headers/?x=1')],
  ['/a/*  /:splat  200', '/a/_headers/', missing],
  ['/a/*/  /:splat  200', '/a/_headers/', missing],
  ['/a.*  /.:splat/passwd  200', '/a../', missing],
  ['/*  /nothing.html  200', '/.env', missing],
])('by "%s" answers %s', async (content, pathname, answer) => {
  expect(await findAnswer(import.meta.dirname, parseRedirects(content), { pathname, query: '?x=1' })).toEqual(answer)
})
