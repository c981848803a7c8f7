import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { frozenClock } from '../../../test/support/clock.ts'
import { forge, rs256, startTestIssuer, type Json, type TestIssuer } from '../../../test/support/issuer.ts'
import { explainToken } from './explain-token.ts'

const clock = frozenClock()
let issuer: TestIssuer
beforeAll(async () => {
  issuer = await startTestIssuer(() => clock.wall())
})
afterAll(() => issuer.stop())

const explain = (token: string, audience = issuer.audience) =>
  explainToken(token, { settings: { issuer: issuer.url, audience, tokenMaxLifetimeSeconds: 86_400 }, clock })

test('finds no objection to a valid token', async () => {
  const { objections, decodedUnverified } = await explain(issuer.sign())
  expect(objections).toEqual([])
  expect(decodedUnverified?.claims).toMatchObject({ sub: 'auth0|reader', iss: issuer.url })
})

test('explains how to correct a wrong audience', async () => {
  const { objections } = await explain(issuer.sign({ aud: 'https://other.example' }))
  expect(objections).toEqual([
    {
      reason: 'aud_wrong',
      found: 'aud is "https://other.example"',
      expected: 'aud https://api.gatepost.test',
      remedy:
        'set AUTH0_AUDIENCE to the API of this token, or ask for audience=https://api.gatepost.test when signing in',
    },
  ])
})

test('recognises an ID token and an opaque token', async () => {
  const [idToken] = (await explain(issuer.sign({ aud: 'gatepost-site', nonce: 'n' }))).objections
  expect(idToken?.remedy).toContain('send the access token, not the ID token')
  const [opaque] = (await explain('Zx8r4TqPu0')).objections
  expect(opaque?.remedy).toContain('pass the API as `audience` when signing in')
})

test('lists every objection', async () => {
  const token = issuer.sign(
    { iss: 'https://evil.example/', aud: 'x', exp: 1, iat: 0, sub: '' },
    { typ: 'x', kid: 7, crit: [] },
  )
  const { objections } = await explain(token)
  expect(objections.map(({ reason }) => reason)).toEqual([
    'typ_not_accepted',
    'header_critical',
    'kid_invalid',
    'iss_wrong',
    'aud_wrong',
    'token_expired',
    'sub_invalid',
  ])
})

test.each<[string, Json]>([
  ['exp_invalid', { exp: 1.5 }],
  ['iat_invalid', { iat: null }],
  ['nbf_invalid', { nbf: '99999999999' }],
])('a malformed time has the single objection %s', async (reason, claims) => {
  const { objections } = await explain(issuer.sign(claims))
  expect(objections.map((objection) => objection.reason)).toEqual([reason])
})

const copyWhole = 'copy the whole token and nothing else: no quotes, no line breaks, not the word Bearer'
const nameApi = 'this token is opaque or encrypted; pass the API as `audience` when signing in to get a JSON Web Token'
test.each([
  ['a.b.c ', 'white space in the token', copyWhole],
  ['a..c', 'an empty part or a character that is not base64url in "a..c"', copyWhole],
  ['a.b', '2 part(s)', copyWhole],
  ['a.b.c.d.e', '5 part(s)', nameApi],
])('describes the shape of %j', async (token, found, remedy) => {
  expect((await explain(token)).objections).toMatchObject([{ reason: 'token_not_a_jwt', found, remedy }])
})

test('lists further objections after a wrong signature', async () => {
  const { objections } = await explain(issuer.sign({ exp: 1, iat: 0 }).replace(/.{8}$/, 'AAAAAAAA').replace(/.$/, 'A'))
  expect(objections.map(({ reason }) => reason)).toEqual(['signature_wrong', 'token_expired'])
})

test('names the setting that limits the lifetime', async () => {
  const iat = clock.wall().getTime() / 1000
  const { objections } = await explain(issuer.sign({ iat, exp: iat + 86_401 }))
  expect(objections[0]).toMatchObject({
    found: 'exp is 86401 seconds after iat',
    remedy: expect.stringContaining('TOKEN_MAX_LIFETIME_SECONDS'),
  })
})

test('continues when the issuer’s keys are unavailable', async () => {
  issuer.mode = 'down'
  const { objections } = await explain(issuer.sign({ aud: 'x' }))
  issuer.mode = 'well'
  expect(objections.map(({ reason }) => reason)).toEqual(['keys_unavailable', 'aud_wrong'])
  expect(objections[0]?.found).toContain('(unreachable)')
})

test.each<[Json, string]>([
  [{ sub: 'anon@1' }, 'This is an anonymous session. The server treats it as a request without a token.'],
  [{ sub: 'abc@clients' }, 'This is a token of a program. The program is a member without a profile.'],
  [{ scope: '' }, 'The token lacks the scope openid, so the server cannot fetch name and picture.'],
  [
    { scope: 'openid write:articles' },
    expect.stringContaining('enable role-based access control for the API') as unknown as string,
  ],
])('adds a note about %j', async (claims, note) => {
  const { objections, notes } = await explain(issuer.sign(claims))
  expect(objections).toEqual([])
  expect(notes).toEqual([note])
})

test.each<Json>([{ iss: 7 }, { sub: 7 }, { exp: 'soon' }])('adds no note about the refused %j', async (claims) => {
  const { objections, notes } = await explain(issuer.sign({ scope: '', ...claims }))
  expect(objections).toHaveLength(1)
  expect(notes).toEqual([])
})

test('removes control characters of a token', async () => {
  const evil = '\u001b[2Jhidden\u009b1A\u202e\n'
  const { kid, privateKey } = issuer.key()
  const token = forge(
    { alg: evil, typ: evil, kid },
    issuer.claims({ iss: evil, aud: [evil.repeat(100)], sub: evil }),
    rs256(privateKey),
  )
  const { objections } = await explain(token)
  expect(objections.length).toBeGreaterThan(3)
  for (const { found } of objections) {
    expect(found).not.toMatch(/[\p{Cc}\u202e]/u)
    expect(found.length).toBeLessThan(300)
  }
})
