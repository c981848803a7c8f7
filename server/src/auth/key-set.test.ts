import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { frozenClock, type FrozenClock } from '../../test/support/clock.ts'
import { startTestIssuer, type IssuerMode, type TestIssuer } from '../../test/support/issuer.ts'
import { createKeySet, KeysUnavailable, keyTimes, type KeySet } from './key-set.ts'
import type { AuthEvent } from './types.ts'

let clock: FrozenClock
let issuer: TestIssuer
let keys: KeySet
let events: AuthEvent[]
/** What the key set put off, newest last. */
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

  test('T29 a new key counts on first use', async () => {
    await keys.find(kid())
    const version = keys.version()
    issuer.rotate({ keepOld: true })
    expect(await outcome(kid())).toBe('found')
    expect(issuer.fetches.keys).toBe(2)
    expect(keys.version()).toBe(version + 1)
  })

  test('T28 a key taken back ends with its freshness', async () => {
    const old = kid()
    await keys.find(old)
    issuer.rotate()
    clock.advance(keyTimes.freshFor - 1)
    expect(await outcome(old)).toBe('found')
    clock.advance(1)
    expect(await outcome(old)).toBe('none')
  })

  test('T28 a reload ends it at once', async () => {
    const old = kid()
    await keys.find(old)
    issuer.rotate()
    expect(await keys.reload()).toBe(true)
    expect(await outcome(old)).toBe('none')
  })

  test('T28 a reload does not settle for a fetch under way', async () => {
    await Promise.all([keys.find(kid()), keys.reload()])
    expect(issuer.fetches.keys).toBe(2)
  })

  test('the same keys keep their version', async () => {
    await keys.find(kid())
    const version = keys.version()
    await keys.reload()
    expect(keys.version()).toBe(version)
    expect(events.at(-1)).toEqual({ type: 'keys_fetched', keys: 1, changed: false })
  })

  test('a started set renews itself in time', async () => {
    await keys.start()
    expect(planned.map(({ milliseconds }) => milliseconds)).toEqual([keyTimes.renewAfter * 1000])
    clock.advance(keyTimes.renewAfter)
    planned[0]?.run()
    await until(() => count('keys_fetched') === 2)
    clock.advance(keyTimes.renewAfter)
    expect(keys.isFresh()).toBe(true)
  })

  test('a stopped set plans nothing more', async () => {
    await keys.start()
    keys.stop()
    expect(planned).toEqual([])
  })

  test.each<IssuerMode>(['well', 'down'])('a set that was not started plans nothing: %s', async (mode) => {
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

  test('a clock set back freezes nothing', async () => {
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

  test('is not ready, and says when to come back', async () => {
    expect(keys.isReady()).toBe(false)
    await expect(keys.find(kid())).rejects.toMatchObject({ name: 'KeysUnavailable', retryAfterSeconds: 1 })
    expect(events).toEqual([{ type: 'keys_failed', reason: 'unreachable', code: 'UND_ERR_SOCKET', retryInSeconds: 1 }])
  })

  test('is not asked again by each request', async () => {
    await Promise.all(Array.from({ length: 500 }, () => outcome(kid())))
    expect(issuer.fetches.discovery).toBe(1)
  })

  test('is asked ever more seldom', async () => {
    for (let attempt = 2; attempt <= 7; attempt += 1) {
      planned.at(-1)?.run()
      await until(() => count('keys_failed') === attempt)
    }
    expect(events.map((event) => event.type === 'keys_failed' && event.retryInSeconds)).toEqual([
      1, 2, 4, 8, 16, 30, 30,
    ])
    expect(planned).toHaveLength(1)
  })

  test('is asked by the first request after the pause', async () => {
    issuer.mode = 'well'
    clock.advance(keyTimes.firstRetry)
    expect(await outcome(kid())).toBe('found')
  })

  test('a request during the pause waits for a retry under way', async () => {
    issuer.mode = 'well'
    planned.at(-1)?.run()
    expect(await outcome(kid())).toBe('found')
  })

  test('a failure that is over pauses nothing', async () => {
    issuer.mode = 'well'
    await keys.reload()
    issuer.rotate({ keepOld: true })
    expect(await outcome(kid())).toBe('found')
  })

  test('is found again without any request', async () => {
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
  test('gives no keys when cold', async () => {
    issuer.mode = mode
    expect(await outcome(kid())).toBe('unavailable')
    expect(events).toEqual([expect.objectContaining({ type: 'keys_failed', reason, status })])
    expect(issuer.fetches.elsewhere).toBe(0)
  })

  test('leaves the last good set in place', async () => {
    await keys.find(kid())
    issuer.mode = mode
    expect(await keys.reload()).toBe(false)
    expect(await outcome(kid())).toBe('found')
    clock.advance(keyTimes.freshFor)
    expect(await outcome(kid())).toBe('found')
  })
})

test('T33 an endless answer is not read on', async () => {
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

  test('is served for from the stale set', async () => {
    expect(await outcome(kid())).toBe('found')
    expect(keys.isFresh()).toBe(false)
    expect(keys.isReady()).toBe(true)
    expect(events.slice(1)).toEqual([
      expect.objectContaining({ type: 'keys_failed', reason: 'unreachable', retryInSeconds: 1 }),
      { type: 'keys_stale', ageSeconds: keyTimes.freshFor },
    ])
  })

  test('says so once a minute', async () => {
    for (let second = 0; second < 120; second += 1) {
      await keys.find(kid())
      clock.advance(1)
    }
    expect(count('keys_stale')).toBe(2)
  })

  test('serves for a day and no longer', async () => {
    clock.advance(keyTimes.staleFor - keyTimes.freshFor - 1)
    expect(await outcome(kid())).toBe('found')
    clock.advance(1)
    expect(await outcome(kid())).toBe('unavailable')
    expect(keys.isReady()).toBe(false)
  })

  test('an unknown kid is not called bad', async () => {
    expect(await outcome('perhaps-new')).toBe('unavailable')
    expect(await outcome('perhaps-new')).toBe('unavailable')
    expect(issuer.fetches.discovery).toBe(2)
  })

  test.each([
    [2 * keyTimes.longestRetry - 1, 'found'],
    [2 * keyTimes.longestRetry, 'none'],
  ])(
    'is waited for again later: a key taken back meanwhile is, %i s after the failure, %s',
    async (seconds, expected) => {
      const old = kid()
      await keys.find(old)
      issuer.mode = 'well'
      issuer.rotate()
      clock.advance(seconds)
      expect(await outcome(old)).toBe(expected)
    },
  )

  test('comes back by itself', async () => {
    await keys.find(kid())
    issuer.mode = 'well'
    clock.advance(keyTimes.firstRetry)
    await keys.find(kid())
    await until(() => count('keys_fetched') === 2)
    expect(keys.isFresh()).toBe(true)
  })
})

test('T06 an unknown kid in an outage while fresh is not called bad', async () => {
  await keys.find(kid())
  issuer.mode = 'down'
  await Promise.all(
    Array.from({ length: 200 }, async (_, index) => expect(await outcome(`new-${index}`)).toBe('unavailable')),
  )
  expect(issuer.fetches.discovery).toBe(2)
  expect(await outcome(kid())).toBe('found')
})

describe('T32 an issuer that never answers', () => {
  test('holds 500 cold requests up for one fetch', async () => {
    issuer.mode = 'slow'
    const outcomes = await Promise.all(Array.from({ length: 500 }, () => outcome(kid())))
    expect(new Set(outcomes)).toEqual(new Set(['unavailable']))
    expect(issuer.fetches.keys).toBe(1)
    expect(events).toEqual([{ type: 'keys_failed', reason: 'timed_out', retryInSeconds: 1 }])
  })

  test('holds nobody up while a stale set serves', async () => {
    await keys.find(kid())
    issuer.mode = 'slow'
    clock.advance(keyTimes.freshFor)
    await keys.find(kid())
    clock.advance(keyTimes.firstRetry)
    // The retry has begun and hangs; a request that waited for it would find it over.
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
  ])('that names %s is refused', async (_, discovery, reason) => {
    issuer.discovery = discovery
    expect(await outcome(kid())).toBe('unavailable')
    expect(events).toEqual([{ type: 'keys_failed', reason, retryInSeconds: 1 }])
    expect(issuer.fetches.keys).toBe(0)
  })

  test('names where user info is', async () => {
    expect(await keys.userInfoEndpoint()).toBe(`${issuer.url}userinfo`)
  })

  test('may not send tokens elsewhere in the clear', async () => {
    issuer.discovery = { userinfo_endpoint: 'http://192.0.2.1/userinfo' }
    expect(await keys.userInfoEndpoint()).toBeNull()
  })
})
