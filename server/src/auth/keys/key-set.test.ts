import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { frozenClock, type FrozenClock } from '../../../test/support/clock.ts'
import { startTestIssuer, type IssuerMode, type TestIssuer } from '../../../test/support/issuer.ts'
import { createKeySet, KeysUnavailable, keyTimes, type KeySet } from './key-set.ts'
import type { AuthEvent } from '../types.ts'

let clock: FrozenClock
let issuer: TestIssuer
let keys: KeySet
let events: AuthEvent[]
/** The scheduled calls of the key set, newest last. */
let planned: { milliseconds: number; run: () => void }[]

beforeEach(async () => {
  clock = frozenClock()
  issuer = await startTestIssuer(() => clock.wall())
  events = []
  planned = []
  keys = createKeySet({
    issuer: issuer.url,
    clock,
    observe: (event) => events.push(event),
    later: (milliseconds, run) => {
      const entry = { milliseconds, run }
      planned.push(entry)
      return () => void planned.splice(planned.indexOf(entry), 1)
    },
  })
})
afterEach(async () => {
  keys.stop()
  await issuer.stop()
})

async function outcome(kid: string): Promise<'found' | 'none' | 'unavailable'> {
  try {
    return (await keys.find(kid)) ? 'found' : 'none'
  } catch (error) {
    if (error instanceof KeysUnavailable) return 'unavailable'
    throw error
  }
}
const count = (type: AuthEvent['type']) => events.filter((event) => event.type === type).length
const kid = () => issuer.key().kid

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5))
}

describe('a healthy issuer', () => {
  test('500 cold requests make one fetch', async () => {
    const outcomes = await Promise.all(Array.from({ length: 500 }, () => outcome(kid())))
    expect(new Set(outcomes)).toEqual(new Set(['found']))
    expect(issuer.fetches).toEqual({ discovery: 1, keys: 1, userInfo: 0, elsewhere: 0 })
    expect(events).toEqual([{ type: 'keys_fetched', keys: 1, changed: true }])
  })

  test('1,000 requests while fresh make one fetch', async () => {
    for (let call = 0; call < 1000; call += 1) await keys.find(kid())
    clock.advance(keyTimes.freshFor - 1)
    await keys.find(kid())
    expect(issuer.fetches.keys).toBe(1)
  })

  test('T06 1,000 unknown kids make one refetch', async () => {
    await keys.find(kid())
    const outcomes = await Promise.all(Array.from({ length: 1000 }, (_, index) => outcome(`invented-${index}`)))
    expect(new Set(outcomes)).toEqual(new Set(['none']))
    expect(issuer.fetches.keys).toBe(2)
    clock.advance(keyTimes.unknownKidPause - 1)
    expect(await outcome('invented')).toBe('none')
    expect(issuer.fetches.keys).toBe(2)
    clock.advance(1)
    expect(await outcome('invented')).toBe('none')
    expect(issuer.fetches.keys).toBe(3)
  })

  test('T06 a cold unknown kid makes no second fetch', async () => {
    expect(await outcome('invented')).toBe('none')
    expect(issuer.fetches.keys).toBe(1)
  })

  test('T29 a new key is fetched on first use', async () => {
    await keys.find(kid())
    const version = keys.version()
    issuer.rotate({ keepOld: true })
    expect(await outcome(kid())).toBe('found')
    expect(issuer.fetches.keys).toBe(2)
    expect(keys.version()).toBe(version + 1)
  })

  test('T28 a revoked key is accepted until the set is stale', async () => {
    const old = kid()
    await keys.find(old)
    issuer.rotate()
    clock.advance(keyTimes.freshFor - 1)
    expect(await outcome(old)).toBe('found')
    clock.advance(1)
    expect(await outcome(old)).toBe('none')
  })

  test('T28 a revoked key is unknown after a reload', async () => {
    const old = kid()
    await keys.find(old)
    issuer.rotate()
    expect(await keys.reload()).toBe(true)
    expect(await outcome(old)).toBe('none')
  })

  test('T28 a reload fetches again after a fetch in progress', async () => {
    await Promise.all([keys.find(kid()), keys.reload()])
    expect(issuer.fetches.keys).toBe(2)
  })

  test('the version is unchanged if the keys are', async () => {
    await keys.find(kid())
    const version = keys.version()
    await keys.reload()
    expect(keys.version()).toBe(version)
    expect(events.at(-1)).toEqual({ type: 'keys_fetched', keys: 1, changed: false })
  })

  test('a started set renews itself before it is stale', async () => {
    await keys.start()
    expect(planned.map(({ milliseconds }) => milliseconds)).toEqual([keyTimes.renewAfter * 1000])
    clock.advance(keyTimes.renewAfter)
    planned[0]?.run()
    await until(() => count('keys_fetched') === 2)
    clock.advance(keyTimes.renewAfter)
    expect(keys.isFresh()).toBe(true)
  })

  test('a stopped set schedules no fetch', async () => {
    await keys.start()
    keys.stop()
    expect(planned).toEqual([])
  })

  test.each<IssuerMode>(['well', 'down'])('a set that was not started schedules no fetch: %s', async (mode) => {
    issuer.mode = mode
    await outcome(kid())
    expect(planned).toEqual([])
  })

  test('a stopped set can be started again', async () => {
    const first = keys.start()
    keys.stop()
    await Promise.all([first, keys.start()])
    expect(keys.isReady()).toBe(true)
  })

  test('fetches again after the clock is set back', async () => {
    await keys.find(kid())
    clock.advance(-86_400)
    expect(await outcome(kid())).toBe('found')
    expect(issuer.fetches.keys).toBe(2)
  })
})

describe('T30 an issuer that is down at the start', () => {
  beforeEach(async () => {
    issuer.mode = 'down'
    await keys.start()
  })

  test('is reported as unavailable, with a time to retry', async () => {
    expect(keys.isReady()).toBe(false)
    await expect(keys.find(kid())).rejects.toMatchObject({ name: 'KeysUnavailable', retryAfterSeconds: 1 })
    expect(events).toEqual([{ type: 'keys_failed', reason: 'unreachable', code: 'UND_ERR_SOCKET', retryInSeconds: 1 }])
  })

  test('gets one request, however many callers wait', async () => {
    await Promise.all(Array.from({ length: 500 }, () => outcome(kid())))
    expect(issuer.fetches.discovery).toBe(1)
  })

  test('is retried with growing pauses', async () => {
    for (let attempt = 2; attempt <= 7; attempt += 1) {
      planned.at(-1)?.run()
      await until(() => count('keys_failed') === attempt)
    }
    expect(events.map((event) => event.type === 'keys_failed' && event.retryInSeconds)).toEqual([
      1, 2, 4, 8, 16, 30, 30,
    ])
    expect(planned).toHaveLength(1)
  })

  test('is retried by the first request after the pause', async () => {
    issuer.mode = 'well'
    clock.advance(keyTimes.firstRetry)
    expect(await outcome(kid())).toBe('found')
  })

  test('a request during the pause joins a retry in progress', async () => {
    issuer.mode = 'well'
    planned.at(-1)?.run()
    expect(await outcome(kid())).toBe('found')
  })

  test('is fetched without a pause after it has recovered', async () => {
    issuer.mode = 'well'
    await keys.reload()
    issuer.rotate({ keepOld: true })
    expect(await outcome(kid())).toBe('found')
  })

  test('is retried without any request', async () => {
    issuer.mode = 'well'
    planned.at(-1)?.run()
    await until(() => keys.isReady())
    expect(await outcome(kid())).toBe('found')
  })
})

const failures: [IssuerMode, string, number?][] = [
  ['down', 'unreachable'],
  ['html', 'not_json'],
  ['error', 'status', 500],
  ['redirect', 'redirected', 302],
  ['huge', 'too_large'],
  ['empty', 'no_usable_keys'],
  ['private', 'no_usable_keys'],
  ['foreign', 'no_usable_keys'],
]

describe.each(failures)('T33 an issuer that answers %s', (mode, reason, status) => {
  test('leaves an empty set unavailable', async () => {
    issuer.mode = mode
    expect(await outcome(kid())).toBe('unavailable')
    expect(events).toEqual([expect.objectContaining({ type: 'keys_failed', reason, status })])
    expect(issuer.fetches.elsewhere).toBe(0)
  })

  test('leaves the previous set in use', async () => {
    await keys.find(kid())
    issuer.mode = mode
    expect(await keys.reload()).toBe(false)
    expect(await outcome(kid())).toBe('found')
    clock.advance(keyTimes.freshFor)
    expect(await outcome(kid())).toBe('found')
  })
})

test('T33 stops reading an endless response', async () => {
  issuer.mode = 'huge'
  const before = process.memoryUsage().rss
  for (let call = 0; call < 5; call += 1) await keys.reload()
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024)
})

describe('T31 an issuer that goes down', () => {
  beforeEach(async () => {
    await keys.find(kid())
    issuer.mode = 'down'
    clock.advance(keyTimes.freshFor)
  })

  test('leaves the stale set in use', async () => {
    expect(await outcome(kid())).toBe('found')
    expect(keys.isFresh()).toBe(false)
    expect(keys.isReady()).toBe(true)
    expect(events.slice(1)).toEqual([
      expect.objectContaining({ type: 'keys_failed', reason: 'unreachable', retryInSeconds: 1 }),
      { type: 'keys_stale', ageSeconds: keyTimes.freshFor },
    ])
  })

  test('is reported once a minute', async () => {
    for (let second = 0; second < 120; second += 1) {
      await keys.find(kid())
      clock.advance(1)
    }
    expect(count('keys_stale')).toBe(2)
  })

  test('leaves the set in use for one day', async () => {
    clock.advance(keyTimes.staleFor - keyTimes.freshFor - 1)
    expect(await outcome(kid())).toBe('found')
    clock.advance(1)
    expect(await outcome(kid())).toBe('unavailable')
    expect(keys.isReady()).toBe(false)
  })

  test('makes an unknown kid unavailable, not invalid', async () => {
    expect(await outcome('perhaps-new')).toBe('unavailable')
    expect(await outcome('perhaps-new')).toBe('unavailable')
    expect(issuer.fetches.discovery).toBe(2)
  })

  test.each([
    [2 * keyTimes.longestRetry - 1, 'found'],
    [2 * keyTimes.longestRetry, 'none'],
  ])('a key revoked meanwhile is, %i s after the failure, %s', async (seconds, expected) => {
    const old = kid()
    await keys.find(old)
    issuer.mode = 'well'
    issuer.rotate()
    clock.advance(seconds)
    expect(await outcome(old)).toBe(expected)
  })

  test('is fetched again after its recovery', async () => {
    await keys.find(kid())
    issuer.mode = 'well'
    clock.advance(keyTimes.firstRetry)
    await keys.find(kid())
    await until(() => count('keys_fetched') === 2)
    expect(keys.isFresh()).toBe(true)
  })
})

test('T06 an unknown kid in an outage is unavailable, not invalid', async () => {
  await keys.find(kid())
  issuer.mode = 'down'
  await Promise.all(
    Array.from({ length: 200 }, async (_, index) => expect(await outcome(`new-${index}`)).toBe('unavailable')),
  )
  expect(issuer.fetches.discovery).toBe(2)
  expect(await outcome(kid())).toBe('found')
})

describe('T32 an issuer that never answers', () => {
  test('delays 500 concurrent requests by one fetch', async () => {
    issuer.mode = 'slow'
    const outcomes = await Promise.all(Array.from({ length: 500 }, () => outcome(kid())))
    expect(new Set(outcomes)).toEqual(new Set(['unavailable']))
    expect(issuer.fetches.keys).toBe(1)
    expect(events).toEqual([{ type: 'keys_failed', reason: 'timed_out', retryInSeconds: 1 }])
  })

  test('delays no request while a stale set exists', async () => {
    await keys.find(kid())
    issuer.mode = 'slow'
    clock.advance(keyTimes.freshFor)
    await keys.find(kid())
    clock.advance(keyTimes.firstRetry)
    // The retry is in progress and hangs. A request that waited for it would see its failure.
    expect(await outcome(kid())).toBe('found')
    expect(issuer.fetches.discovery).toBe(2)
    expect(count('keys_failed')).toBe(1)
  })
})

describe('discovery', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['another issuer', { issuer: 'https://evil.example/' }, 'discovery_issuer_wrong'],
    ['no issuer', { issuer: undefined }, 'discovery_issuer_wrong'],
    ['keys at a file', { jwks_uri: 'file:///etc/passwd' }, 'discovery_endpoint_wrong'],
    ['keys on plain http elsewhere', { jwks_uri: 'http://192.0.2.1/jwks' }, 'discovery_endpoint_wrong'],
    ['no keys', { jwks_uri: undefined }, 'discovery_endpoint_wrong'],
    ['an issuer in a list', { issuer: ['https://evil.example/'] }, 'discovery_issuer_wrong'],
    ['an issuer that is an object', { issuer: { toString: 'x' } }, 'discovery_issuer_wrong'],
    ['keys at an address in a list', { jwks_uri: ['https://evil.example/jwks'] }, 'discovery_endpoint_wrong'],
    ['keys at no address', { jwks_uri: '__proto__' }, 'discovery_endpoint_wrong'],
  ])('refuses a document that names %s', async (_, discovery, reason) => {
    issuer.discovery = discovery
    expect(await outcome(kid())).toBe('unavailable')
    expect(events).toEqual([{ type: 'keys_failed', reason, retryInSeconds: 1 }])
    expect(issuer.fetches.keys).toBe(0)
  })

  test('returns the user info endpoint', async () => {
    expect(await keys.userInfoEndpoint()).toBe(`${issuer.url}userinfo`)
  })

  test('refuses a user info endpoint on plain http', async () => {
    issuer.discovery = { userinfo_endpoint: 'http://192.0.2.1/userinfo' }
    expect(await keys.userInfoEndpoint()).toBeNull()
  })
})
