import type { CryptoKey } from 'jose'
import { pauseAfter } from '../../lib/back-off.ts'
import type { Clock } from '../../lib/clock.ts'
import { abortAfter } from '../../lib/deadline.ts'
import { FetchProblem } from './fetch-json.ts'
import { fetchIssuerKeys, type IssuerKeys } from './issuer-keys.ts'
import type { Observe } from '../types.ts'

/** Lifetimes and pauses of the key set, in seconds. */
export const keyTimes = {
  /** While the issuer is reachable, a key that it has revoked is accepted for at most this long. */
  freshFor: 600,
  /** Age at which a started key set renews itself in the background, before requests would wait for it. */
  renewAfter: 540,
  /** Maximum age of the keys while the issuer is unreachable. */
  staleFor: 86_400,
  /** Minimum pause between fetches that tokens with an unknown `kid` cause. */
  unknownKidPause: 30,
  /** Timeout of one renewal: discovery document and keys together. */
  fetchLimit: 2,
  /** Pause after the first failure. It doubles up to `longestRetry`. */
  firstRetry: 1,
  longestRetry: 30,
  /** Minimum pause between two `keys_stale` events. */
  staleEventPause: 60,
} as const

/** There are no keys, or a key is missing and the issuer is unreachable. */
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
   * Returns a key by its id, or null if the issuer has no such key.
   *
   * @throws KeysUnavailable after at most `keyTimes.fetchLimit`
   */
  find(kid: string): Promise<CryptoKey | null>
  /** Increases when the keys change. Tokens verified under an earlier version must be verified again. */
  version(): number
  /** Returns whether the keys are younger than `keyTimes.freshFor`. */
  isFresh(): boolean
  /** Returns whether tokens can be verified: there are keys younger than `keyTimes.staleFor`. */
  isReady(): boolean
  /** Returns the issuer's user info endpoint, or null if it names none. @throws KeysUnavailable */
  userInfoEndpoint(): Promise<string | null>
  /** Fetches the keys now, regardless of pauses. @returns whether it succeeded; after a failure the previous keys remain */
  reload(): Promise<boolean>
  /** Fetches the keys, and renews them and retries from then on. Resolves after the first attempt, even if it failed. */
  start(): Promise<void>
  stop(): void
}

interface KeySetOptions {
  readonly issuer: string
  readonly clock: Clock
  readonly observe: Observe
  /** Runs a function later and returns a function that cancels it. Default: a timer that does not keep the process alive. */
  readonly later?: (milliseconds: number, run: () => void) => () => void
}

/** Creates a cache of the issuer's public keys. Concurrent callers share one fetch. */
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
    // If the wall clock was set back, a pause or a lifetime must not last longer because of it.
    return elapsed >= 0 && elapsed < seconds * 1000
  }
  const retrySeconds = () => pauseAfter(failures, { first: keyTimes.firstRetry, longest: keyTimes.longestRetry })
  const isBackingOff = () => within(failedAt, retrySeconds())
  /** Whether a fetch failed recently. Requests then use the previous keys and do not wait for the issuer. */
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
      const fetched = await abortAfter(keyTimes.fetchLimit * 1000, (limit) => fetchIssuerKeys(issuer, limit), signal)
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

  /** Returns the current keys, and whether they were fetched for this call. */
  async function usableSet(): Promise<{ set: IssuerKeys; hasFetched: boolean }> {
    let hasFetched = false
    if (!isFresh()) {
      if (isReady() && isOutage()) {
        if (!isBackingOff()) void refresh()
      } else if (inFlight || !isBackingOff()) {
        await refresh()
        hasFetched = true
      }
    }
    if (current === null || !isReady()) throw unavailable()
    if (!isFresh() && !within(staleEventAt, keyTimes.staleEventPause)) {
      staleEventAt = now()
      observe({ type: 'keys_stale', ageSeconds: Math.round((now() - current.fetchedAt) / 1000) })
    }
    return { set: current, hasFetched }
  }

  /** Fetches the keys again because a key is missing, with a pause between fetches: anybody can invent a `kid`. */
  async function findNewKey(kid: string, hasFetched: boolean): Promise<CryptoKey | null> {
    const pausing = !inFlight && (hasFetched || isBackingOff() || within(unknownKidAt, keyTimes.unknownKidPause))
    if (!pausing) {
      if (!inFlight) unknownKidAt = now()
      await refresh()
    }
    const key = current?.byKid.get(kid)
    if (key) return key
    // After a failed fetch the key may exist, so the token is not known to be invalid.
    if (failures > 0) throw unavailable()
    return null
  }

  return {
    async find(kid) {
      const { set, hasFetched } = await usableSet()
      return set.byKid.get(kid) ?? findNewKey(kid, hasFetched)
    },
    async userInfoEndpoint() {
      return (await usableSet()).set.userInfoEndpoint
    },
    async reload() {
      // A fetch in progress may have read the keys before the change that is the reason for this call.
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
