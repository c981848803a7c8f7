import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { startTestIssuer, type IssuerMode, type TestIssuer } from '../../test/support/issuer.ts'
import { fetchUserInfo } from './user-info.ts'

let issuer: TestIssuer
beforeAll(async () => {
  issuer = await startTestIssuer()
})
afterEach(() => {
  issuer.mode = 'well'
})
afterAll(() => issuer.stop())

const ask = (profile: Record<string, unknown>) => {
  issuer.profiles.set('auth0|reader', profile)
  return fetchUserInfo(`${issuer.url}userinfo`, issuer.sign(), 'auth0|reader')
}

test('reads a profile', async () => {
  const profile = {
    name: 'Rita Reader',
    email: 'rita@example.org',
    email_verified: true,
    picture: 'https://example.org/r.png',
  }
  expect(await ask(profile)).toEqual({
    ok: true,
    userInfo: {
      name: 'Rita Reader',
      email: 'rita@example.org',
      emailVerified: true,
      picture: 'https://example.org/r.png',
    },
  })
})

test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
  ['nothing', {}, { name: null, email: null, emailVerified: false, picture: null }],
  [
    'values of other kinds',
    { name: 7, email: ['a@b'], email_verified: 'true', picture: {} },
    { name: null, email: null, emailVerified: false, picture: null },
  ],
  [
    'lists and objects',
    { name: ['Rita'], nickname: { toString: 'Rita' }, email_verified: [true], picture: ['https://a.example/p.png'] },
    { name: null, email: null, emailVerified: false, picture: null },
  ],
  ['words of a prototype', { name: '__proto__', email: 'toString' }, { name: '__proto__', email: null }],
  ['a nickname only', { nickname: 'rita' }, { name: 'rita' }],
  ['line breaks and NUL in a name', { name: ' Ri\0ta\r\nReader ' }, { name: 'RitaReader' }],
  ['a lone surrogate in a name', { name: 'Rita \ud800' }, { name: 'Rita' }],
  ['a bidirectional control in a name', { name: 'Rita\u202egnp.exe' }, { name: 'Ritagnp.exe' }],
  ['a name without visible characters', { name: ' \u0000 ' }, { name: null }],
  ['an endless name', { name: 'ä'.repeat(5000) }, { name: 'ä'.repeat(200) }],
  ['a name that would be cut within a character', { name: `${'a'.repeat(199)}👓👓` }, { name: `${'a'.repeat(199)}👓` }],
  ['an email address with a line break', { email: 'a@b.org\nBcc: c@d.org' }, { email: null }],
  ['an endless email address', { email: `${'a'.repeat(400)}@b.org` }, { email: null }],
  ['a script as picture', { picture: 'javascript:alert(1)' }, { picture: null }],
  ['data as picture', { picture: 'data:image/svg+xml,<svg/>' }, { picture: null }],
  ['a picture on plain http', { picture: 'http://example.org/r.png' }, { picture: null }],
  ['a picture with a password', { picture: 'https://u:p@example.org/r.png' }, { picture: null }],
  ['a picture on this machine', { picture: 'http://localhost:4001/r.png' }, { picture: 'http://localhost:4001/r.png' }],
  [
    'quotes in a picture',
    { picture: 'https://example.org/"><script>' },
    { picture: 'https://example.org/%22%3E%3Cscript%3E' },
  ],
])('reads %s', async (_, profile, wanted) => {
  expect(await ask(profile)).toMatchObject({ ok: true, userInfo: wanted })
})

test.each(['auth0|editor', undefined, null, ['auth0|reader']])('refuses a profile of %j', async (sub) => {
  expect(await ask({ sub, name: 'Somebody' })).toEqual({ ok: false, reason: 'wrong_subject' })
})

describe('a failing provider', () => {
  test.each<[IssuerMode, Record<string, unknown>]>([
    ['down', { reason: 'unreachable' }],
    ['slow', { reason: 'timed_out' }],
    ['html', { reason: 'not_json' }],
    ['error', { reason: 'status', status: 500 }],
    ['redirect', { reason: 'redirected', status: 302 }],
    ['huge', { reason: 'too_large' }],
  ])('%s: the result has the reason', async (mode, wanted) => {
    issuer.mode = mode
    expect(await ask({ name: 'Rita' })).toEqual({ ok: false, ...wanted })
    expect(issuer.fetches.elsewhere).toBe(0)
  })

  test('refuses the token: the result has the status', async () => {
    const token = issuer.sign({ sub: 'unknown' })
    const result = await fetchUserInfo(`${issuer.url}userinfo`, token, 'unknown')
    expect(result).toEqual({ ok: false, reason: 'status', status: 401 })
  })
})
