import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { request } from 'node:http'
import { decodeJwt } from 'jose'
import { localAudience, localClientId } from '../../../server/src/local/defaults.ts'
import { localProgram } from './oidc/clients.ts'
import { mintToken } from './mint-token.ts'
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

const at = (path: string) => new URL(path, provider.url)

const credentials = {
  grant_type: 'client_credentials',
  client_id: localProgram.clientId,
  client_secret: localProgram.clientSecret,
  audience: localAudience,
}

const askForToken = (fields: Record<string, string>) =>
  fetch(at('/oauth/token'), { method: 'POST', body: new URLSearchParams(fields) })

test('names Auth0’s own paths', async () => {
  const response = await fetch(at('/.well-known/openid-configuration'))
  expect(await response.json()).toMatchObject({
    issuer: provider.url,
    authorization_endpoint: at('/authorize').href,
    token_endpoint: at('/oauth/token').href,
    userinfo_endpoint: at('/userinfo').href,
    jwks_uri: at('/.well-known/jwks.json').href,
    code_challenge_methods_supported: ['S256'],
  })
})

test('says at its root what it is, who can sign in and where to', async () => {
  const response = await fetch(at('/'))
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  const text = await response.text()
  expect(text).toContain('<h1>Local identity provider</h1>')
  expect(text).toContain(`<a href="${provider.siteOrigin}/">Open the site and sign in there</a>`)
  for (const name of ['reader', 'subscriber', 'editor']) expect(text).toContain(`<dt>${name}</dt>`)
  expect(text).toContain(at('/.well-known/jwks.json').href)
})

test('publishes no private part of its key', async () => {
  const { keys } = (await (await fetch(at('/.well-known/jwks.json'))).json()) as { keys: object[] }
  expect(keys.map((key) => Object.keys(key).sort())).toEqual([['alg', 'e', 'kid', 'kty', 'n', 'use']])
})

test('gives a program its token', async () => {
  const response = await askForToken(credentials)
  const { access_token: token } = (await response.json()) as { access_token: string }
  expect(decodeJwt(token)).toMatchObject({
    iss: provider.url,
    sub: `${localProgram.clientId}@clients`,
    aud: localAudience,
    azp: localProgram.clientId,
    gty: 'client-credentials',
    permissions: [],
  })
  expect((await fetch(at('/userinfo'), { headers: { authorization: `Bearer ${token}` } })).status).toBe(403)
})

test.each([
  ['a wrong secret', { client_secret: 'guess' }, 401],
  ['another audience', { audience: 'https://api.elsewhere.test' }, 400],
  ['no audience', { audience: '' }, 400],
  ['the site as a program', { client_id: localClientId }, 401],
])('refuses a program with %s', async (_what, change, status) => {
  const response = await askForToken({ ...credentials, ...change })
  expect(response.status).toBe(status)
  expect(await response.json()).not.toHaveProperty('access_token')
})

test.each([
  ['another site', { redirect_uri: 'https://evil.test/callback/' }],
  ['another path of the site', { redirect_uri: 'SITE/elsewhere/' }],
  ['a longer host', { redirect_uri: 'SITE.evil.test/callback/' }],
  ['an unknown client', { client_id: 'stranger' }],
])('does not redirect to %s', async (_what, change) => {
  const extra = Object.fromEntries(
    Object.entries(change).map(([name, value]) => [name, value.replace('SITE', provider.siteOrigin)]),
  )
  const { response, left } = await new TestBrowser(provider).follow(authorizeAddress(provider, extra).address)
  expect(left).toBeNull()
  expect(response.status).toBe(400)
})

test('refuses a code flow without PKCE', async () => {
  const url = new URL(authorizeAddress(provider).address, provider.url)
  url.searchParams.delete('code_challenge')
  url.searchParams.delete('code_challenge_method')
  const { left } = await new TestBrowser(provider).follow(url.href)
  expect(left?.searchParams.get('error')).toBe('invalid_request')
})

test('refuses a code with another verifier', async () => {
  const { code } = await new TestBrowser(provider).signIn({ persona: 'reader' })
  const { response } = await redeem(provider, { code, verifier: 'x'.repeat(43) })
  expect(response.status).toBe(400)
})

test('takes a code once', async () => {
  const signedIn = await new TestBrowser(provider).signIn({ persona: 'reader' })
  expect((await redeem(provider, signedIn)).response.status).toBe(200)
  expect((await redeem(provider, signedIn)).response.status).toBe(400)
})

test.each([
  ['Auth0’s sign-out', () => `/v2/logout?client_id=${localClientId}&returnTo=${provider.siteOrigin}/`],
  ['Auth0’s sign-out without a target', () => '/v2/logout'],
])('%s ends the session', async (_what, address) => {
  const browser = new TestBrowser(provider)
  await browser.signIn({ persona: 'reader' })
  expect((await browser.follow(address())).left?.href).toBe(`${provider.siteOrigin}/`)
  expect(await browser.askSilently()).toBe('login_required')
})

test.each(['https://evil.test/', '//evil.test', 'javascript:alert(1)', 'SITE@evil.test/', 'SITE.evil.test', ''])(
  'signs nobody out towards %j',
  async (target) => {
    const browser = new TestBrowser(provider)
    await browser.signIn({ persona: 'reader' })
    const returnTo = encodeURIComponent(target.replace('SITE', provider.siteOrigin))
    const { response } = await browser.follow(`/v2/logout?client_id=${localClientId}&returnTo=${returnTo}`)
    expect(response.status).toBe(400)
    expect(await browser.askSilently()).toBe('code')
  },
)

test.each([
  ['expired', 401],
  ['forged', 401],
  ['unsigned', 401],
  ['wrong-issuer', 401],
] as const)('tells no profile to a token that is %s', async (flaw, status) => {
  const folder = `${provider.dataDir}/identity`
  const options = { folder, issuer: provider.url, audience: localAudience, clientId: localClientId }
  const token = await mintToken({ ...options, as: 'reader', flaw })
  const response = await fetch(at('/userinfo'), { headers: { authorization: `Bearer ${token}` } })
  expect(response.status).toBe(status)
  expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"')
})

test('lets no other origin read a profile', async () => {
  const headers = { origin: 'https://evil.test', 'access-control-request-method': 'GET' }
  const response = await fetch(at('/userinfo'), { method: 'OPTIONS', headers })
  expect(response.headers.get('access-control-allow-origin')).toBeNull()
})

test('answers on both loopback addresses', async () => {
  const answers = await Promise.all(
    ['127.0.0.1', '[::1]'].map((host) => fetch(`http://${host}:${home.identityPort}/none`)),
  )
  expect(answers.map(({ status }) => status)).toEqual([404, 404])
})

test('refuses a host name that is not its own', async () => {
  const status = await new Promise((resolve, reject) => {
    const headers = { host: `evil.test:${home.identityPort}` }
    const sent = request(
      { host: '127.0.0.1', port: home.identityPort, path: '/.well-known/jwks.json', headers },
      (answer) => {
        answer.resume()
        resolve(answer.statusCode)
      },
    )
    sent.on('error', reject).end()
  })
  expect(status).toBe(421)
})
