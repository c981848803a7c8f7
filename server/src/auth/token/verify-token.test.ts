import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { frozenClock } from '../../../test/support/clock.ts'
import { hostileTokens, type HostileToken } from '../../../test/support/hostile-tokens.ts'
import { forge, rs256, startTestIssuer, type Json, type TestIssuer } from '../../../test/support/issuer.ts'
import { AuthRefusal } from '../auth-refusal.ts'
import { longestToken } from './decode-token.ts'
import { explainToken } from './explain-token.ts'
import { createKeySet, type KeySet } from '../keys/key-set.ts'
import { checkSignature, objectionsTo, verifyToken } from './verify-token.ts'

const clock = frozenClock()
const tokenMaxLifetimeSeconds = 86_400
let issuer: TestIssuer
let keys: KeySet

beforeAll(async () => {
  issuer = await startTestIssuer(() => clock.wall())
  keys = createKeySet({ issuer: issuer.url, clock, observe: () => {} })
})
afterAll(() => issuer.stop())

const settings = () => ({ issuer: issuer.url, audience: issuer.audience, tokenMaxLifetimeSeconds })
const verify = (token: string, now = clock.wall()) =>
  verifyToken(token, { settings: settings(), now }, (kid) => keys.find(kid))
const refusalOf = (token: string): Promise<AuthRefusal | 'accepted'> =>
  verify(token).then(
    () => 'accepted' as const,
    (error: AuthRefusal) => error,
  )

describe('hostile tokens', () => {
  let rows: HostileToken[]
  beforeAll(() => {
    rows = hostileTokens(issuer, tokenMaxLifetimeSeconds)
  })

  test('have objections and no identity', async () => {
    const rules = { settings: settings(), now: clock.wall() }
    for (const { threat, token } of rows) {
      const all = objectionsTo(token, rules, (decoded) =>
        checkSignature(token, decoded, rules, (kid) => keys.find(kid)),
      )
      const reasons = []
      let step = await all.next()
      for (; !step.done; step = await all.next()) reasons.push(step.value.reason)
      expect([threat, reasons.length > 0, step.value]).toEqual([threat, true, null])
    }
  })

  test('an objection of jose alone is jose_refused', async () => {
    const rules = { settings: settings(), now: clock.wall() }
    const token = issuer.sign()
    const objection = { reason: 'jose_refused', expected: 'expected', found: 'found', remedy: 'remedy' } as const
    const all = objectionsTo(token, rules, () => Promise.resolve(objection))
    expect(await all.next()).toEqual({ done: false, value: objection })
    expect(await all.next()).toEqual({ done: true, value: null })
  })

  const threats = [
    'T02',
    'T03',
    'T04',
    'T05',
    'T06',
    'T07',
    'T09',
    'T10',
    'T11',
    'T12',
    'T13',
    'T14',
    'T16',
    'T17',
    'T18',
    'T19',
    'T20',
    'T23',
  ]
  test.each(threats)('%s is refused with its reason', async (threat) => {
    const seen = await Promise.all(
      rows
        .filter((row) => row.threat === threat)
        .map(async ({ title, token }) => [title, await refusalOf(token)] as const),
    )
    const outcome = seen.map(([title, refusal]) => [
      title,
      refusal === 'accepted' ? refusal : `${refusal.status} ${refusal.reason}`,
    ])
    const wanted = rows.filter((row) => row.threat === threat).map(({ title, reason }) => [title, `401 ${reason}`])
    expect(outcome).toEqual(wanted)
    expect(outcome.length).toBeGreaterThan(0)
  })

  test('all get the same response', async () => {
    const answers = new Set<string>()
    for (const { token } of rows) {
      const refusal = await refusalOf(token)
      if (refusal !== 'accepted')
        answers.add(JSON.stringify([refusal.status, refusal.code, refusal.message, refusal.headers]))
    }
    expect([...answers]).toEqual([
      JSON.stringify([
        401,
        'UNAUTHENTICATED',
        'The access token was not accepted. Sign in again, and send the token as "Authorization: Bearer <token>".',
        { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
      ]),
    ])
  })

  test('the explanation starts with the same reason', async () => {
    for (const { title, token, reason } of rows) {
      const { objections } = await explainToken(token, { settings: settings(), clock, keys })
      expect([title, objections[0]?.reason]).toEqual([title, reason])
    }
  })

  test('T20 no address in a header is fetched', () => {
    expect(issuer.fetches.elsewhere).toBe(0)
  })
})

test('T02 T18 T19 T20 an invalid header causes no key lookup', async () => {
  let fetches = 0
  const findKey = async () => {
    fetches += 1
    return null
  }
  const rows = hostileTokens(issuer, tokenMaxLifetimeSeconds).filter(({ threat }) =>
    ['T02', 'T03', 'T18', 'T20', 'T23'].includes(threat),
  )
  for (const { token } of rows) {
    await expect(verifyToken(token, { settings: settings(), now: clock.wall() }, findKey)).rejects.toBeInstanceOf(
      AuthRefusal,
    )
  }
  expect(fetches).toBe(0)
})

describe('accepted tokens', () => {
  const iat = Math.floor(clock.wall().getTime() / 1000)
  test.each<[string, Json, Json]>([
    ['T10 expired 2 s ago', { iat: iat - 3600, exp: iat - 2 }, {}],
    ['T10 expired 4 s ago', { iat: iat - 3600, exp: iat - 4 }, {}],
    ['T11 with an nbf in 5 s', { nbf: iat + 5 }, {}],
    ['T12 issued in 5 s', { iat: iat + 5, exp: iat + 60 }, {}],
    ['T13 with the longest lifetime', { exp: iat + tokenMaxLifetimeSeconds }, {}],
    ['T15 with aud as a list', { aud: ['https://api.gatepost.test', 'https://tenant.example/userinfo'] }, {}],
    ['T15 with aud as a string', { aud: 'https://api.gatepost.test' }, {}],
    ['T18 with typ jwt', {}, { typ: 'jwt' }],
    ['T18 with no typ', {}, { typ: undefined }],
    ['T18 with typ at+jwt', {}, { typ: 'at+jwt' }],
    ['T18 with typ application/at+jwt', {}, { typ: 'application/AT+JWT' }],
    ['with a subject of one character', { sub: 's' }, {}],
    ['with a subject of 255 characters', { sub: 's'.repeat(255) }, {}],
    ['with a subject in another script', { sub: 'oidc|読者👓' }, {}],
  ])('accepts a token %s', async (_, claims, header) => {
    const token = issuer.sign(claims, header)
    const { identity } = await verify(token)
    expect(identity?.subject).toBe(claims.sub ?? 'auth0|reader')
    expect((await explainToken(token, { settings: settings(), clock, keys })).objections).toEqual([])
  })

  test.each([
    [0, 'kid_invalid'],
    [1, 'kid_unknown'],
    [256, 'kid_unknown'],
    [257, 'kid_invalid'],
  ])('looks for a key by a kid of %i characters: %s', async (length, reason) => {
    await expect(verify(issuer.sign({}, { kid: 'k'.repeat(length) }))).rejects.toMatchObject({ reason })
  })

  test.each([{ nonce: 'n' }, { at_hash: 'h' }])('recognises an ID token by %j', async (claims) => {
    const token = issuer.sign({ aud: 'site', ...claims })
    const { objections } = await explainToken(token, { settings: settings(), clock, keys })
    expect(objections[0]).toMatchObject({
      found: 'aud is "site", and it looks like an ID token',
      remedy: expect.stringContaining('not the ID token') as unknown,
    })
  })

  test('names the setting for a token of another API', async () => {
    const { objections } = await explainToken(issuer.sign({ aud: 'site' }), { settings: settings(), clock, keys })
    expect(objections[0]).toMatchObject({
      found: 'aud is "site"',
      remedy: expect.stringContaining('set AUTH0_AUDIENCE') as unknown,
    })
  })

  test('T12 tolerates a difference of 5 s at the expiry', async () => {
    const token = issuer.sign({ exp: iat + 60 })
    await expect(verify(token, new Date((iat + 64) * 1000))).resolves.toBeDefined()
    await expect(verify(token, new Date((iat + 65) * 1000))).rejects.toMatchObject({ reason: 'token_expired' })
  })
})

describe('identities', () => {
  test('have issuer, subject, permissions and expiry', async () => {
    const token = issuer.sign({
      permissions: ['write:articles', 'read:members'],
      scope: 'openid read:members manage:plans',
    })
    const { identity } = await verify(token)
    expect(identity).toEqual({
      issuer: issuer.url,
      subject: 'auth0|reader',
      permissions: new Set(['write:articles', 'read:members', 'manage:plans']),
      isProgram: false,
      mayReadProfile: true,
      expiresAt: new Date('2026-11-16T13:00:00Z'),
    })
  })

  test.each<[string, Json, string[]]>([
    ['no permissions at all', { scope: undefined }, []],
    ['profile scopes', { scope: 'openid profile email offline_access' }, []],
    ['permissions that are not a list', { permissions: 'write:articles', scope: '' }, []],
    ['permissions that are not strings', { permissions: [7, null, ['write:articles'], '', 'ok'], scope: '' }, ['ok']],
    ['an over-long permission', { permissions: ['p'.repeat(201), 'ok'] }, ['ok']],
    ['a permission of the greatest length', { permissions: ['p'.repeat(200)] }, ['p'.repeat(200)]],
    ['a scope that is a list', { scope: ['write:articles'] }, []],
    ['a permission in another case', { scope: 'WRITE:articles' }, ['WRITE:articles']],
  ])('reads %s', async (_, claims, permissions) => {
    expect([...((await verify(issuer.sign(claims))).identity?.permissions ?? [])]).toEqual(permissions)
  })

  test.each(['anon@0123', 'anon@'])('the anonymous session %s has no identity', async (sub) => {
    expect((await verify(issuer.sign({ sub }))).identity).toBeNull()
  })

  test.each<[Json, boolean, boolean]>([
    [{ sub: 'abc@clients' }, true, false],
    [{ sub: 'abc@clients', scope: 'openid' }, true, false],
    [{ gty: 'client-credentials' }, true, false],
    [{ scope: 'profile' }, false, false],
    [{ scope: 'xopenid openidx' }, false, false],
    [{ scope: 'email openid' }, false, true],
  ])('%j is a program: %s, has a profile: %s', async (claims, isProgram, mayReadProfile) => {
    expect((await verify(issuer.sign(claims))).identity).toMatchObject({ isProgram, mayReadProfile })
  })
})

test.each([
  [longestToken, 'token_not_a_jwt'],
  [longestToken + 1, 'token_too_long'],
])('refuses a token of %i letters as %s', async (length, reason) => {
  await expect(verify('x'.repeat(length))).rejects.toMatchObject({ reason })
})

test('refuses random tokens with a valid signature', async () => {
  const { kid, privateKey } = issuer.key()
  const odd = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom('RS256', 'none', 'JWT', kid, issuer.url, issuer.audience),
    fc.integer(),
  )
  const part = (names: string[]) => fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), odd)
  const header = part(['alg', 'typ', 'kid', 'crit', 'b64', 'jwk', 'zip', 'cty', '__proto__'])
  const claims = part(['iss', 'aud', 'sub', 'exp', 'iat', 'nbf', '__proto__'])
  const forged = fc.asyncProperty(header, claims, fc.boolean(), async (changed, body, complete) => {
    const whole = complete ? { alg: 'RS256', kid, ...changed } : changed
    const refusal = await refusalOf(forge(whole, body, rs256(privateKey)))
    expect(refusal).toMatchObject({ status: 401 })
  })
  await fc.assert(forged, { numRuns: 300 })
})
