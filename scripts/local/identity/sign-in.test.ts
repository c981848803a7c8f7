import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose'
import { localAudience, localClientId } from '../../../server/src/local/defaults.ts'
import { personas } from './personas.ts'
import { authorizeAddress, redeem, TestBrowser } from './test-browser.ts'
import { makeTestHome, startTestProvider, type RunningProvider, type TestHome } from './test-provider.ts'

let home: TestHome
let provider: RunningProvider

beforeAll(async () => {
  home = await makeTestHome()
  provider = await startTestProvider(home)
}, 60_000)

afterAll(async () => {
  await provider?.stop()
  await home?.remove()
})

const userInfo = (token: string, headers: Record<string, string> = {}) =>
  fetch(new URL('/userinfo', provider.url), { headers: { authorization: `Bearer ${token}`, ...headers } })

test('signs a persona in with PKCE', async () => {
  const { response, body } = await redeem(provider, await new TestBrowser(provider).signIn({ persona: 'editor' }))
  expect(response.headers.get('access-control-allow-origin')).toBe(provider.siteOrigin)

  const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', provider.url))
  const { payload, protectedHeader } = await jwtVerify(body.access_token, keys, { algorithms: ['RS256'] })
  expect(protectedHeader).toMatchObject({ alg: 'RS256', typ: 'JWT', kid: expect.any(String) })
  expect(payload).toMatchObject({
    iss: provider.url,
    sub: 'auth0|editor',
    aud: [localAudience, `${provider.url}userinfo`],
    azp: localClientId,
    scope: 'openid profile email',
    permissions: ['write:articles', 'read:members', 'manage:plans'],
  })
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(86_400)
  expect(decodeJwt(body.id_token)).toMatchObject({ aud: localClientId, name: 'Edie Editor', nonce: 'a nonce' })
})

test('tells the profile to the access token', async () => {
  const { body } = await redeem(provider, await new TestBrowser(provider).signIn({ persona: 'patron' }))
  const response = await userInfo(body.access_token, { origin: provider.siteOrigin })
  expect(response.headers.get('access-control-allow-origin')).toBe(provider.siteOrigin)
  expect(await response.json()).toEqual({
    sub: 'auth0|patron',
    name: 'Pat Patron',
    nickname: 'patron',
    picture: `${provider.url}pictures/PP.svg`,
    email: 'patron@example.test',
    email_verified: true,
  })
})

test('takes any other name without permissions', async () => {
  const browser = new TestBrowser(provider)
  const { body } = await redeem(provider, await browser.signIn({ name: '  Zoë   van Dam ' }))
  expect(decodeJwt(body.access_token)).toMatchObject({ sub: 'auth0|zoe-van-dam', permissions: [] })
  expect(await (await userInfo(body.access_token)).json()).toMatchObject({ name: 'Zoë van Dam', email_verified: false })
})

test('grants no permission for a scope', async () => {
  const browser = new TestBrowser(provider)
  const { path, verifier } = await browser.openSignIn({ scope: 'openid write:articles' })
  const code = (await browser.choose(path, { persona: 'reader' }))?.searchParams.get('code') ?? ''
  const { body } = await redeem(provider, { code, verifier })
  expect(decodeJwt(body.access_token)).toMatchObject({ scope: 'openid', permissions: [] })
})

test('shows every persona by name', async () => {
  const { page } = await new TestBrowser(provider).openSignIn()
  for (const { name, description } of personas) {
    expect(page).toContain(`value="${name}"`)
    expect(page).toContain(description)
  }
})

test('allows its own style and no script', async () => {
  const { address } = authorizeAddress(provider)
  const { response } = await new TestBrowser(provider).follow(address)
  const policy = response.headers.get('content-security-policy') ?? ''
  const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(await response.text()) ?? []
  const digest = Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(style))).toString('base64')
  expect(policy).toContain(`style-src 'sha256-${digest}'`)
  expect(policy).toContain("default-src 'none'")
  expect(policy).not.toContain('script-src')
  expect(policy).toContain(`form-action 'self' ${provider.siteOrigin}`)
})

test.each([
  ['a persona', 'lapsed', /value="lapsed"\s+autofocus/],
  ['another name', 'Ada', /value="Ada"/],
  ['markup', '"><script>alert(1)</script>', /value="&quot;&gt;&lt;script&gt;alert\(1\)&lt;\/script&gt;"/],
])('preselects %s from login_hint', async (_what, hint, expected) => {
  const { page } = await new TestBrowser(provider).openSignIn({ login_hint: hint })
  expect(page).toMatch(expected)
  expect(page).not.toContain('<script>')
})

test('keeps markup in a name as text', async () => {
  const { body } = await redeem(provider, await new TestBrowser(provider).signIn({ name: '<script>alert(1)</script>' }))
  expect(decodeJwt(body.access_token).sub).toBe('auth0|script-alert-1-script')
  const response = await userInfo(body.access_token)
  expect(response.headers.get('content-type')).toMatch(/^application\/json/)
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
})

test.each(['', '   ', '\u0000\u200b'])('asks again for an empty name (%j)', async (name) => {
  const browser = new TestBrowser(provider)
  const { path } = await browser.openSignIn()
  const response = await browser.fetch(path, { method: 'POST', body: new URLSearchParams({ name }) })
  expect(response.status).toBe(400)
  expect(await response.text()).toContain('role="alert"')
})

test('leads back with access_denied when left', async () => {
  const browser = new TestBrowser(provider)
  const { path } = await browser.openSignIn()
  const { left } = await browser.follow(`${path}/abort`)
  expect(left?.pathname).toBe('/callback/')
  expect(left?.searchParams.get('error')).toBe('access_denied')
  expect(left?.searchParams.get('state')).toBe('a state')
})

test('refuses a sign-in of another browser', async () => {
  const { path } = await new TestBrowser(provider).openSignIn()
  const body = new URLSearchParams({ persona: 'editor' })
  const response = await new TestBrowser(provider).fetch(path, { method: 'POST', body })
  expect(response.status).toBe(400)
})

test('answers a silent request by the session', async () => {
  const browser = new TestBrowser(provider)
  expect(await browser.askSilently()).toBe('login_required')
  await browser.signIn({ persona: 'reader' })
  expect(await browser.askSilently()).toBe('code')
})

test('lets a signed-in browser become another', async () => {
  const browser = new TestBrowser(provider)
  await browser.signIn({ persona: 'reader' })
  const { path, verifier } = await browser.openSignIn({ prompt: 'login' })
  const code = (await browser.choose(path, { persona: 'patron' }))?.searchParams.get('code') ?? ''
  const { body } = await redeem(provider, { code, verifier })
  expect(decodeJwt(body.access_token).sub).toBe('auth0|patron')
})

test('asks nobody for consent', async () => {
  const browser = new TestBrowser(provider)
  const { path } = await browser.openSignIn({ prompt: 'login consent' })
  expect((await browser.choose(path, { persona: 'reader' }))?.searchParams.get('code')).toBeTruthy()
})
