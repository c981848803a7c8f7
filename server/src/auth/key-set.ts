import type { CryptoKey } from 'jose'
import type { Clock } from '../lib/clock.ts'
import { FetchProblem, withDeadline } from './fetch-json.ts'
import { fetchIssuerKeys, type IssuerKeys } from './issuer-keys.ts'
import type { Observe } from './types.ts'

/** How long a set of keys counts. All in seconds. */
export const keyTimes = {
  /** A key that the issuer took back is accepted for at most this long, while the issuer can be asked. */
  freshFor: 600,
  /** When a started key set renews itself, so that no request waits for it. */
  renewAfter: 540,
  /** While the issuer cannot be asked, the last good set serves for this long. */
  staleFor: 86_400,
  /** A token with an unknown `kid` makes us ask the issuer at most this often. */
  unknownKidPause: 30,
  /** The limit for one renewal: discovery document and keys together. */
  fetchLimit: 2,
  /** After a failure we wait this long, doubling up to the longest. */
  firstRetry: 1,
  longestRetry: 30,
  staleEventPause: 60,
} as const

/** There are no keys to judge by, or the issuer cannot be asked for the one that is missing. */
export class KeysUnavailable extends Error {
  readonly retryAfterSeconds: number

  constructor(retryAfterSeconds: number) {
    super('the issuer’s keys are not available')
    this.name = 'KeysUnavailable'
    this.retryAfterSeconds = retryAfterSeconds
  }
}

export interface KeySet {
  /**
   * @returns the key; null when the issuer has none by that name
   * @throws KeysUnavailable after at most `keyTimes.fetchLimit`
   */
  find(kid: string): Promise<CryptoKey | null>
  /** Grows when the keys change. What was verified under another version may no longer count. */
  version(): number
  isFresh(): boolean
  /** Whether tokens can be judged: there is a set, not older than `keyTimes.staleFor`. */
  isReady(): boolean
  /** @throws KeysUnavailable */
  userInfoEndpoint(): Promise<string | null>
  /** Asks the issuer now, whatever the pauses say. @returns whether it answered with keys; if not, the old ones stay */
  reload(): Promise<boolean>
  /** Fetches, and from then on renews and retries by itself. @returns after the first try, whatever came of it */
  start(): Promise<void>
  stop(): void
}

export interface KeySetOptions {
  readonly issuer: string
  readonly clock: Clock
  readonly observe: Observe
  /** Runs something later; returns how to call it off. A timer that does not keep the process alive, unless given. */
  readonly later?: (milliseconds: number, run: () => void) => () => void
}

/** Holds the issuer's public keys. One fetch at a time, however many ask. */
export function createKeySet({ issuer, clock, observe, later = unrefTimer }: KeySetOptions): KeySet {
  let current: (IssuerKeys & { fetchedAt: number }) | null = null
  let version = 0
  let failures = 0
  let failedAt = -Infinity
  let unknownKidAt = -Infinity
  let staleEventAt = -Infinity
  let inFlight: Promise<boolean> | null = null
  let started = false
  let callOff = () => {}
  let ending = new AbortController()

  const now = () => clock.wall().getTime()
  const within = (since: number, seconds: number) => {
    const elapsed = now() - since
    // A clock that was set back must not freeze a pause or a set for as long as it was ahead.
    return elapsed >= 0 && elapsed < seconds * 1000
  }
  const retrySeconds = () => Math.min(keyTimes.longestRetry, keyTimes.firstRetry * 2 ** Math.max(0, failures - 1))
  const isBackingOff = () => within(failedAt, retrySeconds())
  /** The issuer failed us lately: do not make requests wait for it again while there is a set to serve from. */
  const isOutage = () => within(failedAt, 2 * keyTimes.longestRetry)
  const isFresh = () => current !== null && within(current.fetchedAt, keyTimes.freshFor)
  const isReady = () => current !== null && within(current.fetchedAt, keyTimes.staleFor)

  function refresh(): Promise<boolean> {
    inFlight ??= load().finally(() => (inFlight = null))
    return inFlight
  }

  async function load(): Promise<boolean> {
    const { signal } = ending
    try {
      const fetched = await withDeadline(keyTimes.fetchLimit * 1000, (limit) => fetchIssuerKeys(issuer, limit), signal)
      accept(fetched)
      return true
    } catch (error) {
      if (!signal.aborted) fail(error)
      return false
    }
  }

  function accept(fetched: IssuerKeys): void {
    const changed = fetched.fingerprint !== current?.fingerprint
    if (changed) version += 1
    current = { ...fetched, fetchedAt: now() }
    failures = 0
    failedAt = -Infinity
    observe({ type: 'keys_fetched', keys: fetched.byKid.size, changed })
    plan(keyTimes.renewAfter)
  }

  function fail(error: unknown): void {
    failures += 1
    failedAt = now()
    const { reason, status, code } = error instanceof FetchProblem ? error : new FetchProblem('unreachable')
    observe({ type: 'keys_failed', reason, status, code, retryInSeconds: retrySeconds() })
    plan(retrySeconds())
  }

  function plan(seconds: number): void {
    if (!started) return
    callOff()
    callOff = later(seconds * 1000, () => void refresh())
  }

  function unavailable(): KeysUnavailable {
    const elapsed = Math.max(0, (now() - failedAt) / 1000)
    return new KeysUnavailable(Math.max(1, Math.ceil(retrySeconds() - Math.min(elapsed, retrySeconds()))))
  }

  /** @returns the set to judge by, and whether the issuer was asked for it just now */
  async function usableSet(): Promise<{ set: IssuerKeys; asked: boolean }> {
    let asked = false
    if (!isFresh()) {
      if (isReady() && isOutage()) {
        if (!isBackingOff()) void refresh()
      } else if (inFlight || !isBackingOff()) {
        await refresh()
        asked = true
      }
    }
    if (current === null || !isReady()) throw unavailable()
    if (!isFresh() && !within(staleEventAt, keyTimes.staleEventPause)) {
      staleEventAt = now()
      observe({ type: 'keys_stale', ageSeconds: Math.round((now() - current.fetchedAt) / 1000) })
    }
    return { set: current, asked }
  }

  /** The set does not have it. Perhaps it is new: ask the issuer, seldom, for anybody can invent a `kid`. */
  async function findNewKey(kid: string, asked: boolean): Promise<CryptoKey | null> {
    const pausing = !inFlight && (asked || isBackingOff() || within(unknownKidAt, keyTimes.unknownKidPause))
    if (!pausing) {
      if (!inFlight) unknownKidAt = now()
      await refresh()
    }
    const key = current?.byKid.get(kid)
    if (key) return key
    // The last try failed, so it may well exist: that is no reason to call the token bad.
    if (failures > 0) throw unavailable()
    return null
  }

  return {
    async find(kid) {
      const { set, asked } = await usableSet()
      return set.byKid.get(kid) ?? findNewKey(kid, asked)
    },
    async userInfoEndpoint() {
      return (await usableSet()).set.userInfoEndpoint
    },
    async reload() {
      // A fetch under way may have read the keys as they were before whatever made somebody ask for this.
      await inFlight
      return refresh()
    },
    async start() {
      started = true
      if (ending.signal.aborted) {
        await inFlight
        ending = new AbortController()
      }
      await refresh()
    },
    stop() {
      started = false
      callOff()
      ending.abort()
    },
    version: () => version,
    isFresh,
    isReady,
  }
}

function unrefTimer(milliseconds: number, run: () => void): () => void {
  const timer = setTimeout(run, milliseconds)
  timer.unref()
  return () => clearTimeout(timer)
}
