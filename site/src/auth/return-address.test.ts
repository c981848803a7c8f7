import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, test } from '@jest/globals'
import { home, currentAddress, readReturnAddress } from './return-address.ts'

/** The same table tests the rule of the API. */
const table = JSON.parse(
  readFileSync(new URL('../../../docs/contract/return-addresses.json', import.meta.url), 'utf8'),
) as { origin: string; accepted: { text: string; address: string }[]; refused: string[] }
const { origin } = table
const read = (value: unknown) => readReturnAddress(value, origin)

test.each(table.accepted)('accepts $text', ({ text, address }) => {
  expect(read({ to: text, place: 70 })).toEqual({ to: address, place: 70 })
})

test.each(table.refused)('%j leads home', (text) => {
  expect(read({ to: text, place: 70 })).toEqual(home)
})

test.each(['/callbacks/', '/articles/callback/'])('%s is not the callback page', (to) => {
  expect(read({ to, place: 0 })).toEqual({ to, place: 0 })
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
])('%j, the callback page, becomes home', (to) => {
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
])('%j is refused as an address', (value) => {
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
    return currentAddress()
  }
  afterEach(() => void Reflect.deleteProperty(globalThis, 'window'))

  test('has query, fragment and place', () => {
    const address = at(`${origin}/articles/the-beat/?from=letter#third`, 812.4)
    expect(address).toEqual({ to: '/articles/the-beat/?from=letter#third', place: 812 })
  })

  test.each([`?q=a\\b`, `?q=${'a'.repeat(500)}`, '#a\\b'])('leaves out %s', (rest) => {
    expect(at(`${origin}/articles/the-beat/${rest}`, 30)).toEqual({ to: '/articles/the-beat/', place: 30 })
  })

  test.each([`${origin}/callback/?code=a`, `${origin}//evil.example/`])('of %s is home', (address) => {
    expect(at(address, 40)).toEqual(home)
  })
})
