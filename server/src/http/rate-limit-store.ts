import { createRequire } from 'node:module'
import { Redis } from 'ioredis'

// The plugin's own two stores, one behind the other: when Redis does not answer, each process counts for itself rather
// than not at all.

interface Store {
  incr(key: string, done: Done, timeWindow: number, max: number): void
}
type Done = (error: Error | null, result?: { current: number; ttl: number }) => void

const load = createRequire(import.meta.url)
const LocalStore = load('@fastify/rate-limit/store/LocalStore') as new (
  continueExceeding: boolean,
  exponentialBackoff: boolean,
  entries: number,
) => Store
const RedisStore = load('@fastify/rate-limit/store/RedisStore') as new (
  continueExceeding: boolean,
  exponentialBackoff: boolean,
  redis: Redis,
  prefix: string,
) => Store

/** Callers that are remembered at a time; beyond, the least recent are forgotten. */
const mostCallers = 50_000

export class FallbackStore implements Store {
  readonly #local = new LocalStore(false, false, mostCallers)
  readonly #shared: Store | null
  readonly #onFallback: (error: unknown) => void

  constructor({ redis, onFallback }: { redis: Redis | null; onFallback: (error: unknown) => void }) {
    this.#shared = redis && new RedisStore(false, false, redis, 'gatepost-rate-')
    this.#onFallback = onFallback
  }

  incr(key: string, done: Done, timeWindow: number, max: number): void {
    if (!this.#shared) return this.#local.incr(key, done, timeWindow, max)
    this.#shared.incr(
      key,
      (error, result) => {
        if (!error && result && Number.isFinite(result.current)) return done(null, result)
        this.#onFallback(error)
        this.#local.incr(key, done, timeWindow, max)
      },
      timeWindow,
      max,
    )
  }

  /** The limits share one store: their keys tell them apart. */
  child(): this {
    return this
  }
}

/** A client that gives up at once: a rate limit that waits for Redis would be worse than none. */
export function connectRedis(url: string, onError: (error: Error) => void): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: 250,
    // A connection whose other end is gone without a word is given up, and not waited for with each request.
    socketTimeout: 1_000,
    connectTimeout: 2_000,
    disconnectTimeout: 500,
    retryStrategy: (attempt) => Math.min(attempt * 200, 5_000),
  })
  redis.on('error', onError)
  return redis
}
