import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { frozenClock, type FrozenClock } from '../../test/support/clock.ts'
import { hostileTokens } from '../../test/support/hostile-tokens.ts'
import { startTestIssuer, type TestIssuer } from '../../test/support/issuer.ts'
import { createAuth, type Auth, type AuthEvent, type Identity } from './index.ts'
import { keyTimes } from './keys/key-set.ts'

let clock: FrozenClock
let issuer: TestIssuer
let auth: Auth
let events: AuthEvent[]

beforeEach(async () => {
  clock = frozenClock()
  issuer = await startTestIssuer(() => clock.wall())
  events = []
  const settings = { issuer: issuer.url, audience: issuer.audience, tokenMaxLifetimeSeconds: 86_400 }
  auth = createAuth({ settings, clock, observe: (event) => events.push(event) })
})
afterEach(async () => {
  auth.stop()
  await issuer.stop()
})

const authenticate = (token: string) => auth.authenticate(['Host', 'localhost', 'Authorization', `Bearer ${token}`])
const tokenEvents = () => events.filter(({ type }) => type.startsWith('token_'))

test('T01 a request without a token sends nothing to the issuer', async () => {
  expect(await auth.authenticate(['Accept', '*/*'])).toBeNull()
  expect(events).toEqual([])
  expect(issuer.fetches.discovery).toBe(0)
})

test('returns the identity in a valid token', async () => {
  const token = issuer.sign()
  expect(await authenticate(token)).toMatchObject({ identity: { subject: 'auth0|reader' }, token })
})

test('an anonymous session is anonymous on each request', async () => {
  const token = issuer.sign({ sub: 'anon@1' })
  expect(await authenticate(token)).toBeNull()
  expect(await authenticate(token)).toBeNull()
})

test('500 parallel cold calls make one fetch', async () => {
  const seen = await Promise.all(
    Array.from({ length: 500 }, (_, index) => authenticate(issuer.sign({ jti: String(index) }))),
  )
  expect(seen.every((each) => each?.identity.subject === 'auth0|reader')).toBe(true)
  expect(issuer.fetches.keys).toBe(1)
})

test('1,000 calls make one fetch and one verification', async () => {
  await auth.start()
  const token = issuer.sign()
  for (let call = 0; call < 1000; call += 1) await authenticate(token)
  expect(issuer.fetches.keys).toBe(1)
  expect(tokenEvents().filter((event) => event.type === 'token_accepted' && !event.fromMemory)).toHaveLength(1)
})

test('T06 1,000 unknown kids make one refetch', async () => {
  await auth.start()
  const tokens = Array.from({ length: 1000 }, (_, index) => issuer.sign({}, { kid: `invented-${index}` }))
  const seen = await Promise.allSettled(tokens.map(authenticate))
  expect(seen.every((each) => each.status === 'rejected' && each.reason.status === 401)).toBe(true)
  expect(issuer.fetches.keys).toBe(2)
})

describe('a cached token', () => {
  test('is refused after its expiry', async () => {
    const token = issuer.sign({ exp: clock.wall().getTime() / 1000 + 60 })
    await authenticate(token)
    clock.advance(64)
    await expect(authenticate(token)).resolves.not.toBeNull()
    clock.advance(1)
    await expect(authenticate(token)).rejects.toMatchObject({ status: 401, reason: 'token_expired' })
  })

  test('T34 is refused after the clock is set back', async () => {
    const token = issuer.sign()
    await authenticate(token)
    clock.advance(-600)
    await expect(authenticate(token)).rejects.toMatchObject({ status: 401, reason: 'iat_in_future' })
  })

  test('T28 is refused once a stale key set lacks its key', async () => {
    const token = issuer.sign()
    await authenticate(token)
    issuer.rotate()
    clock.advance(keyTimes.freshFor - 1)
    await expect(authenticate(token)).resolves.not.toBeNull()
    clock.advance(1)
    await expect(authenticate(token)).rejects.toMatchObject({ status: 401, reason: 'kid_unknown' })
  })

  test('T28 is refused after a reload without its key', async () => {
    const token = issuer.sign()
    await authenticate(token)
    issuer.rotate()
    expect(await auth.reloadKeys()).toBe(true)
    await expect(authenticate(token)).rejects.toMatchObject({ status: 401, reason: 'kid_unknown' })
  })

  test('T29 is accepted while its key is published', async () => {
    const token = issuer.sign()
    await authenticate(token)
    issuer.rotate({ keepOld: true })
    await expect(authenticate(issuer.sign())).resolves.not.toBeNull()
    await expect(authenticate(token)).resolves.not.toBeNull()
  })

  test('T31 is accepted while the issuer is down', async () => {
    const token = issuer.sign({ exp: clock.wall().getTime() / 1000 + 80_000 })
    await authenticate(token)
    issuer.mode = 'down'
    clock.advance(keyTimes.freshFor * 2)
    await expect(authenticate(token)).resolves.not.toBeNull()
    expect(auth.ready()).toBe(true)
    expect(events.map(({ type }) => type)).toContain('keys_stale')
  })

  test('does not match a token with the same signature', async () => {
    await authenticate(issuer.sign())
    const [first, , third] = issuer.sign().split('.')
    const [, second] = issuer.sign({ sub: 'auth0|editor' }).split('.')
    await expect(authenticate(`${first}.${second}.${third}`)).rejects.toMatchObject({ reason: 'signature_wrong' })
  })
})

describe('T30 an issuer that is down at the start', () => {
  test('serves anonymous readers and answers 503 to tokens', async () => {
    issuer.mode = 'down'
    await auth.start()
    expect(auth.ready()).toBe(false)
    expect(await auth.authenticate([])).toBeNull()
    await expect(authenticate(issuer.sign())).rejects.toMatchObject({
      status: 503,
      code: 'AUTH_UNAVAILABLE',
      reason: 'keys_unavailable',
      message: 'The token cannot be checked at the moment. Try again shortly.',
      headers: { 'Retry-After': '1' },
    })
    expect(tokenEvents()).toEqual([{ type: 'token_unchecked', reason: 'keys_unavailable' }])
  })

  test('is retried without a request', async () => {
    issuer.mode = 'down'
    await auth.start()
    issuer.mode = 'well'
    while (!auth.ready()) await new Promise((resolve) => setTimeout(resolve, 20))
    await expect(authenticate(issuer.sign())).resolves.not.toBeNull()
  })
})

test('T32 a request waits for at most one slow fetch', async () => {
  await auth.start()
  issuer.mode = 'slow'
  clock.advance(keyTimes.freshFor)
  const [known, unknown] = await Promise.allSettled([
    authenticate(issuer.sign()),
    authenticate(issuer.sign({}, { kid: 'new' })),
  ])
  expect(known.status).toBe('fulfilled')
  expect(unknown).toMatchObject({ status: 'rejected', reason: { status: 503 } })
  expect(issuer.fetches.keys).toBe(2)
})

test('T33 invalid responses of the issuer do not affect valid tokens', async () => {
  const token = issuer.sign({ exp: clock.wall().getTime() / 1000 + 80_000 })
  await authenticate(token)
  for (const mode of ['html', 'redirect', 'error', 'huge', 'empty', 'private', 'foreign'] as const) {
    issuer.mode = mode
    clock.advance(keyTimes.freshFor)
    await expect(authenticate(token)).resolves.not.toBeNull()
  }
})

test('no event contains a value that a caller chose', async () => {
  const rows = hostileTokens(issuer, 86_400)
  for (const { token } of rows) await authenticate(token).catch(() => {})
  await auth.authenticate(['Authorization', 'Basic marker-of-a-stranger']).catch(() => {})
  const written = JSON.stringify(events)
  expect(tokenEvents().length).toBeGreaterThan(rows.length)
  for (const word of ['eyJ', 'auth0|', 'evil', 'dev/null', 'marker', 'invented', 'unheard-of'])
    expect(written).not.toContain(word)
  for (const event of events) expect(JSON.stringify(event).length).toBeLessThan(250)
})

describe('user info', () => {
  const identify = async (claims: Record<string, unknown>): Promise<[Identity, string]> => {
    const found = await authenticate(issuer.sign(claims))
    if (!found) throw new Error('anonymous')
    return [found.identity, found.token]
  }

  test('is fetched with the member’s own token', async () => {
    issuer.profiles.set('auth0|reader', { name: 'Rita Reader' })
    const result = await auth.userInfo(...(await identify({})))
    expect(result).toMatchObject({ ok: true, userInfo: { name: 'Rita Reader' } })
  })

  test.each([{ sub: 'abc@clients' }, { scope: 'profile' }])('is not fetched for %j', async (claims) => {
    expect(await auth.userInfo(...(await identify(claims)))).toEqual({ ok: false, reason: 'not_allowed' })
    expect(issuer.fetches.userInfo).toBe(0)
  })

  test('is unavailable if the issuer has no endpoint', async () => {
    issuer.discovery = { userinfo_endpoint: undefined }
    expect(await auth.userInfo(...(await identify({})))).toEqual({ ok: false, reason: 'no_endpoint' })
  })
})
