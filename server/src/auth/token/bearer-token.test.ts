import { expect, test } from '@jest/globals'
import { AuthRefusal } from '../auth-refusal.ts'
import { readBearerToken } from './bearer-token.ts'

const refusalOf = (rawHeaders: readonly string[]): AuthRefusal => {
  try {
    readBearerToken(rawHeaders)
  } catch (error) {
    if (error instanceof AuthRefusal) return error
    throw error
  }
  throw new Error('was not refused')
}

test.each([
  ['T01 no header at all', []],
  ['T01 other headers only', ['Host', 'localhost', 'Cookie', 'authorization=Bearer x']],
  ['T01 the name as a value', ['X-Forwarded', 'Authorization', 'Accept', 'Bearer x']],
  ['T27 a proxy authorization', ['Proxy-Authorization', 'Bearer x']],
])('%s is anonymous', (_, rawHeaders) => {
  expect(readBearerToken(rawHeaders)).toBeNull()
})

test.each(['Bearer a.b.c', 'bearer a.b.c', 'BEARER a.b.c', 'bEaReR    a.b.c', 'Bearer a.b.c  '])(
  'T26 reads %j',
  (value) => {
    expect(readBearerToken(['Accept', '*/*', 'AUTHORIZATION', value])).toBe('a.b.c')
  },
)

test.each([
  ['Basic cmVhZGVyOnBhc3N3b3Jk', 'scheme_not_bearer'],
  ['Token a.b.c', 'scheme_not_bearer'],
  ['Bearera.b.c', 'scheme_not_bearer'],
  ['Bearer\ta.b.c', 'scheme_not_bearer'],
  ['a.b.c', 'scheme_not_bearer'],
  ['', 'scheme_not_bearer'],
  ['Bearer', 'token_missing'],
  ['Bearer   ', 'token_missing'],
])('T26 refuses %j, never anonymous', (value, reason) => {
  expect(refusalOf(['Authorization', value])).toMatchObject({
    status: 401,
    code: 'UNAUTHENTICATED',
    reason,
    message: 'The access token was not accepted. Sign in again, and send the token as "Authorization: Bearer <token>".',
    headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
  })
})

test.each([
  ['two headers', ['Authorization', 'Bearer a.b.c', 'authorization', 'Bearer d.e.f']],
  ['twice the same', ['Authorization', 'Bearer a.b.c', 'Authorization', 'Bearer a.b.c']],
  ['a second one of another scheme', ['Authorization', 'Bearer a.b.c', 'Authorization', 'Basic eDp5']],
  ['an empty second one', ['Authorization', 'Bearer a.b.c', 'Authorization', '']],
  ['two joined by a comma', ['Authorization', 'Bearer a.b.c, Bearer d.e.f']],
  ['two schemes joined', ['Authorization', 'Basic eDp5,Bearer a.b.c']],
])('T25 refuses %s as a bad request', (_, rawHeaders) => {
  expect(refusalOf(rawHeaders)).toMatchObject({
    status: 400,
    code: 'BAD_REQUEST',
    message: 'Send exactly one Authorization header with one bearer token.',
    headers: { 'WWW-Authenticate': 'Bearer error="invalid_request"' },
  })
})
