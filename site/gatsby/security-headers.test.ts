import { describe, expect, test } from '@jest/globals'
import { headersFile, inlineScriptsOf, securityHeaders, type Origins } from './security-headers.ts'

const origins = { api: 'https://api.gatepost.example', identity: 'https://tenant.eu.auth0.com', images: [] }
/** The policy by directive. */
function policyOf(given: Origins, ...scripts: string[]): Record<string, string[]> {
  const text = securityHeaders(given, scripts)['content-security-policy'] ?? ''
  return Object.fromEntries(
    text.split('; ').map((directive) => {
      const [name = '', ...sources] = directive.split(' ')
      return [name, sources]
    }),
  )
}
const policy = (...scripts: string[]) => policyOf(origins, ...scripts)

describe('the policy', () => {
  test('lets nothing in that is not named', () => {
    expect(policy()).toEqual({
      'default-src': ["'none'"],
      'script-src': ["'self'"],
      'style-src': ["'self'"],
      'font-src': ["'self'"],
      'img-src': ["'self'", origins.identity],
      'connect-src': ["'self'", origins.api, origins.identity],
      'frame-src': [origins.identity],
      'manifest-src': ["'self'"],
      'form-action': ["'self'"],
      'base-uri': ["'none'"],
      'object-src': ["'none'"],
      'frame-ancestors': ["'none'"],
    })
  })

  test('names the inline scripts by their digests', () => {
    // printf 'alert(1)' | openssl dgst -sha256 -binary | base64
    expect(policy('alert(1)', '')['script-src']).toEqual([
      "'self'",
      "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='",
      "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
    ])
  })

  test('names each source once', () => {
    const { 'connect-src': connect } = policyOf({ ...origins, identity: origins.api })
    expect(connect).toEqual(["'self'", origins.api])
    expect(policy('alert(1)', 'alert(1)')['script-src']).toHaveLength(2)
  })

  test('lets images in from the hosts that are shown, and from no other', () => {
    const images = ['https://images.example', 'https://*.gravatar.example']
    const { 'img-src': sources, ...others } = policyOf({ ...origins, images })
    expect(sources).toEqual(["'self'", origins.identity, ...images])
    expect(others).toEqual({ ...policy(), 'img-src': undefined })
  })

  test.each(['unsafe', '*', 'http:', 'https: ', 'data:', 'strict-dynamic', 'blob:'])('has no %s', (word) => {
    expect(securityHeaders(origins, ['alert(1)'])['content-security-policy']).not.toContain(word)
  })
})

test('sends no referrer, and forbids frames', () => {
  expect(securityHeaders(origins, [])).toMatchObject({
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
  })
})

test.each<[string, string[]]>([
  ['', []],
  ['<p>No script.</p>', []],
  ['<script>one()</script>', ['one()']],
  ['<script>one()</script><p>Text.</p><script id="two">two()</script>', ['one()', 'two()']],
  ['<script>\n  one()\n</script>', ['\n  one()\n']],
  ['<script></script>', ['']],
  ['<script src="/app.js" async=""></script>', []],
  ['<script async="" src="/app.js"></script>', []],
  ['<script\n src="/app.js"></script>', []],
  ['<script data-src="/app.js">one()</script>', ['one()']],
  ['<script id="a" data-path="/404/">one()</script><script src="/a.js"></script>', ['one()']],
  ['<script type="module">one()</script>', ['one()']],
  ['<noscript>words</noscript>', []],
])('%j has the inline scripts %j', (html, scripts) => {
  expect(inlineScriptsOf(html)).toEqual(scripts)
})

test('a file of headers has a pattern, and below it the headers', () => {
  const file = headersFile([
    ['/*', { 'x-frame-options': 'DENY', 'cache-control': 'no-cache' }],
    ['/*.js', { 'cache-control': 'public' }],
  ])
  expect(file).toBe('/*\n  x-frame-options: DENY\n  cache-control: no-cache\n\n/*.js\n  cache-control: public\n')
})
