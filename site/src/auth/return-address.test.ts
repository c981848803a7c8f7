import { afterEach, describe, expect, test } from '@jest/globals'
import { home, presentAddress, readReturnAddress } from './return-address.ts'

const origin = 'https://gatepost.example'
const read = (value: unknown) => readReturnAddress(value, origin)

test.each([
  ['/', '/'],
  ['/articles/the-beat/', '/articles/the-beat/'],
  ['/articles/the-beat/?from=letter#third', '/articles/the-beat/?from=letter#third'],
  ['/articles/b%C3%A9at/', '/articles/b%C3%A9at/'],
  ['/articles/béat/', '/articles/b%C3%A9at/'],
  ['/articles/../plans/', '/plans/'],
  ['/?to=//evil.example', '/?to=//evil.example'],
  ['/#//evil.example', '/#//evil.example'],
  ['/articles//twice/', '/articles//twice/'],
  ['/callbacks/', '/callbacks/'],
  ['/articles/callback/', '/articles/callback/'],
  ['/%ff/', '/%ff/'],
])('%s leads to %s', (to, address) => {
  expect(read({ to, place: 0 })).toEqual({ to: address, place: 0 })
})

const elsewhere = [
  '//evil.example',
  '//evil.example/articles/the-beat/',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\\/evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/\r\n/evil.example',
  '\t//evil.example',
  ' //evil.example',
  '/.//evil.example',
  '/..//evil.example',
  '/articles/..//evil.example',
  '/%2e//evil.example',
  '/.\\/evil.example',
  '/.\t//evil.example',
  '/./\\evil.example',
  '//user@evil.example',
  '//gatepost.example@evil.example/',
  '//gatepost.example:8443/',
  'https://evil.example/',
  'https:evil.example',
  'https:/evil.example',
  'http://gatepost.example/',
  'javascript:alert(1)',
  'java\nscript:alert(1)',
  '/javascript:alert(1)\u0000//evil.example',
  'data:text/html,<script>alert(1)</script>',
  'blob:https://gatepost.example/1',
  'articles/the-beat/',
  '?to=/',
  '#/',
  '',
  '/https://evil.example/',
  '/%2F/evil.example',
  '/%5Cevil.example',
  '/%09/evil.example',
  `/${'/'.repeat(5_000)}evil.example`,
]

test.each(elsewhere)('%j never leads to another origin', (to) => {
  const { to: address } = read({ to, place: 0 })
  expect(address).toMatch(/^\/(?![/\\])/)
  expect(new URL(address, `${origin}/callback/`).origin).toBe(origin)
})

test.each([
  '//evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  '/.//evil.example',
  '/articles/..//evil.example',
  '/%2e//evil.example',
  'https://evil.example/',
  'javascript:alert(1)',
  '//[',
])('%j leads home', (to) => {
  expect(read({ to, place: 70 })).toEqual(home)
})

test.each([
  '/callback/',
  '/callback',
  '/callback/?code=a&state=b',
  '/callback?error=access_denied',
  '/callback/#there',
  '/callback/again/',
  '/articles/../callback/',
  '/./callback/',
  '/\tcallback/',
  '/%63allback/',
  '/callback%2F',
])('%j, the callback again, leads home', (to) => {
  expect(read({ to, place: 0 })).toEqual(home)
})

test.each([
  undefined,
  null,
  '/articles/the-beat/',
  7,
  true,
  [],
  ['/articles/the-beat/'],
  {},
  { to: undefined },
  { to: null },
  { to: 7 },
  { to: ['/articles/the-beat/'] },
  { to: { toString: () => '/articles/the-beat/' } },
  { to: new URL('https://gatepost.example/plans/') },
  { target: '/plans/' },
])('%j is no address', (value) => {
  expect(read(value)).toEqual(home)
})

test.each<[unknown, number]>([
  [0, 0],
  [1_200, 1_200],
  ['300', 300],
  [-1, 0],
  [Number.NaN, 0],
  [Number.POSITIVE_INFINITY, 0],
  ['far', 0],
  [null, 0],
  [undefined, 0],
  [{}, 0],
  [[400], 400],
  [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  ['1e400', 0],
])('the place %j is %d pixels down', (place, pixels) => {
  expect(read({ to: '/plans/', place })).toEqual({ to: '/plans/', place: pixels })
})

test('without a place it is the top', () => {
  expect(read({ to: '/plans/' })).toEqual({ to: '/plans/', place: 0 })
})

describe('the present address', () => {
  const at = (address: string, scrollY: number) => {
    Object.defineProperty(globalThis, 'window', { configurable: true, value: { location: new URL(address), scrollY } })
    return presentAddress()
  }
  afterEach(() => void Reflect.deleteProperty(globalThis, 'window'))

  test('has query, fragment and place', () => {
    const address = at(`${origin}/articles/the-beat/?from=letter#third`, 812.4)
    expect(address).toEqual({ to: '/articles/the-beat/?from=letter#third', place: 812 })
  })

  test.each([`${origin}/callback/?code=a`, `${origin}//evil.example/`])('of %s is home', (address) => {
    expect(at(address, 40)).toEqual(home)
  })
})
