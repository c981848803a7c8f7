import { expect, test } from '@jest/globals'
import { startTestApp } from './support/app.ts'
import { frozenClock } from './support/clock.ts'
import { unique } from './support/factories.ts'

// Requests to the identity provider, and its outages, over HTTP.

const clock = frozenClock(new Date().toISOString())
const { ask, issuer, url, logs } = await startTestApp({ clock })

async function manyQueries(token: string, times: number): Promise<number[]> {
  const statuses: number[] = []
  for (let batch = 0; batch < times / 20; batch += 1) {
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask('{ viewer { subject } }', { token })))
    statuses.push(...answers.map(({ status }) => status))
  }
  return [...new Set(statuses)]
}

test('1,000 authenticated queries cost one key fetch and one user info call', async () => {
  const token = issuer.sign({ sub: `auth0|${unique()}` })
  expect(await manyQueries(token, 1000)).toEqual([200])
  expect(issuer.fetches).toMatchObject({ keys: 1, userInfo: 1, elsewhere: 0 })
})

test('a profile is fetched again after 20 minutes', async () => {
  const subject = `auth0|${unique()}`
  issuer.profiles.set(subject, { name: 'First Name' })
  const claims = { sub: subject, exp: Math.floor(clock.wall().getTime() / 1000) + 7200 }
  const token = issuer.sign(claims)
  const name = async () => (await ask('{ viewer { name } }', { token })).data.viewer.name as string | null
  const greeting = (await ask('{ ping { greeting } }', { token })).data.ping.greeting
  expect(greeting).toBe('Hello, First Name!')

  issuer.profiles.set(subject, { name: 'Second Name' })
  clock.advance(19 * 60)
  await name()
  expect(await name()).toBe('First Name')

  clock.advance(61)
  await name()
  for (let tries = 0; tries < 50 && (await name()) !== 'Second Name'; tries += 1)
    await new Promise((r) => setTimeout(r, 20))
  expect(await name()).toBe('Second Name')
})

test.each([
  [
    'a changed letter',
    (token: string) =>
      token.replace(
        /\.([^.]*)\./,
        (_all, claims: string) => `.${claims.slice(0, 20)}${claims[20] === 'A' ? 'B' : 'A'}${claims.slice(21)}.`,
      ),
  ],
  [
    'a changed letter in the signature',
    (token: string) => token.slice(0, -6) + (token.at(-6) === 'A' ? 'B' : 'A') + token.slice(-5),
  ],
  ['an added permission', (token: string) => addClaim(token, { permissions: ['write:articles'] })],
])('a token with %s is 401', async (_what, change) => {
  const good = issuer.sign({ sub: `auth0|${unique()}` })
  expect((await ask('{ viewer { subject } }', { token: good })).status).toBe(200)
  const { status, headers, data, errors } = await ask('{ plans { slug } }', { token: change(good) })
  expect(status).toBe(401)
  expect(headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
  expect(data).toBeUndefined()
  expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED')
})

function addClaim(token: string, claims: object): string {
  const [header, payload, signature] = token.split('.')
  const decoded = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString()) as object
  return [header, Buffer.from(JSON.stringify({ ...decoded, ...claims })).toString('base64url'), signature].join('.')
}

test('a wrong audience is explained in the log only', async () => {
  const token = issuer.sign({ aud: 'https://api.elsewhere.test' })
  const other = issuer.sign({ exp: 1 })
  const [wrong, expired] = [
    await ask('{ plans { slug } }', { token }),
    await ask('{ plans { slug } }', { token: other }),
  ]
  const withoutId = (text: string) => text.replace(/"requestId":"[^"]*"/, '')
  expect(withoutId(wrong.text)).toBe(withoutId(expired.text))
  const requestId = wrong.headers.get('x-request-id') ?? ''
  const line = logs.find((entry) => entry.includes(requestId) && entry.includes('aud_wrong'))
  expect(JSON.parse(line ?? '{}')).toMatchObject({ reason: 'aud_wrong', expected: `aud ${issuer.audience}` })
  expect(line).not.toContain('elsewhere')
})

test('accepts tokens during an outage of the provider', async () => {
  issuer.mode = 'down'
  clock.advance(3600)
  const token = issuer.sign({
    sub: `auth0|${unique()}`,
    iat: Math.floor(clock.wall().getTime() / 1000),
    exp: Math.floor(clock.wall().getTime() / 1000) + 600,
  })
  expect((await ask('{ viewer { subject } }', { token })).status).toBe(200)
  issuer.mode = 'well'
})

test('health reports that tokens can be verified', async () => {
  const response = await fetch(`${url}/health/ready`)
  expect(await response.json()).toEqual({ status: 'ok', checks: { serving: true, database: true, auth: true } })
})
