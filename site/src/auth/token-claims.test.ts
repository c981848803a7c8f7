import { expect, test } from '@jest/globals'
import { decodeUnverified, subjectOf } from './token-claims.ts'

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const token = (claims: unknown): string => `${part({ alg: 'RS256' })}.${part(claims)}.c2lnbmF0dXJl`

test.each([
  { sub: 'auth0|1' },
  { sub: 'auth0|1', aud: ['https://api.example', 'https://other.example'], exp: 1_900_000_000 },
  // Lengths with each remainder modulo three, because base64url has no padding.
  { a: 1 },
  { a: 12 },
  { a: 123 },
  { name: 'Gwenaëlle Žižek 李', mark: '???>>>~~~' },
  {},
])('reads %j', (claims) => {
  expect(decodeUnverified(token(claims))).toEqual(claims)
})

test.each([
  '',
  '.',
  '..',
  'abc',
  'a.b.c',
  'a.%%%.c',
  `a.${Buffer.from('{"sub":').toString('base64url')}.c`,
  `a.${Buffer.from([0xff, 0xfe]).toString('base64url')}.c`,
  token(null),
  token('text'),
  token(7),
  token(['sub']),
  // An opaque token, which Auth0 issues without an audience.
  'x4Zl1oHqGFzM5bVt0jWcKQ',
])('%s says nothing', (opaque) => {
  expect(decodeUnverified(opaque)).toEqual({})
  expect(subjectOf(opaque)).toBeUndefined()
})

test.each([
  [{ sub: 'auth0|1' }, 'auth0|1'],
  [{ sub: '' }, ''],
  [{ sub: 7 }, undefined],
  [{ sub: null }, undefined],
  [{ sub: ['auth0|1'] }, undefined],
  [{ subject: 'auth0|1' }, undefined],
])('the subject of %j is %j', (claims, subject) => {
  expect(subjectOf(token(claims))).toBe(subject)
})
