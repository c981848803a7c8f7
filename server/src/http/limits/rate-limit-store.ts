import { Redis } from 'ioredis'
import { LRUCache } from 'lru-cache'
import { charge, fillMs, longestFillMs, msUntilAllowed, pointMs, type Bucket, type Charge } from './token-bucket.ts'

/** Stores the points that callers have spent. */
export interface RateLimitStore {
  charge(key: string, bucket: Bucket, points: number): Promise<Charge>
}

/** The most callers in memory. The least recent are evicted first. */
const mostCallers = 50_000

/** The counts of this process. */
export class LocalStore {
  /** The instant at which the bucket is full, by caller. */
  readonly #fullAt = new LRUCache<string, number>({ max: mostCallers })
  readonly #now: () => number

  /** @param now a monotonic clock in milliseconds. A clock that is set back would refuse callers for the difference */
  constructor(now: () => number) {
    this.#now = now
  }

  charge(key: string, bucket: Bucket, points: number): Charge {
    const charged = charge(bucket, this.msUntilFull(key), points)
    this.#fullAt.set(key, this.#now() + charged.msUntilFull)
    return charged
  }

  /** Returns the state of a caller: milliseconds from now until their bucket is full, 0 or less if it is. */
  msUntilFull(key: string): number {
    const now = this.#now()
    return (this.#fullAt.get(key) ?? now) - now
  }
}

/** The clock of Redis may be set back by this much before stored values count as invalid. */
const clockStepMs = 1_000

/**
 * `charge` of token-bucket.ts as one atomic step, by the clock of Redis.
 *
 * The script checks the stored value first. It removes a value that no charge can have written, and answers `nonsense`. The value
 * is an instant, so a missing expiry does no harm.
 */
const chargeScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local point, fill, longest, points = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local stored = redis.pcall('GET', KEYS[1])
local before = 0
if stored then
  local fullAt = type(stored) == 'string' and tonumber(stored)
  if not fullAt or not (fullAt >= now - ${clockStepMs} and fullAt <= now + longest + ${clockStepMs}) then
    redis.call('DEL', KEYS[1])
    return {'nonsense', '0'}
  end
  before = math.min(math.max(fullAt - now, 0), longest)
end
if before + math.min(points * point, fill) - fill > 0.001 then return {'refused', string.format('%.3f', before)} end
local after = math.min(before + points * point, longest)
if after > 0 then redis.call('SET', KEYS[1], string.format('%.3f', now + after), 'PX', math.ceil(after)) end
return {'allowed', string.format('%.3f', after)}
`

/** The answer of Redis is invalid and was not used. */
class RedisCountError extends Error {}

interface ChargingRedis extends Redis {
  gatepostCharge(key: string, ...values: number[]): Promise<unknown>
}

/**
 * The counts of all processes in Redis, combined with the counts of this process.
 *
 * The count of this process must allow a charge first. So a wrong answer from Redis never allows more than the limit, and a charge
 * that is refused here needs no round trip. If Redis fails, times out or returns an invalid value, only the count of this process
 * is used.
 */
export class SharedStore implements RateLimitStore {
  readonly #local: LocalStore
  readonly #redis: ChargingRedis
  readonly #onFallback: (error: unknown) => void

  constructor(local: LocalStore, redis: Redis, onFallback: (error: unknown) => void) {
    redis.defineCommand('gatepostCharge', { numberOfKeys: 1, lua: chargeScript })
    this.#local = local
    this.#redis = redis as ChargingRedis
    this.#onFallback = onFallback
  }

  async charge(key: string, bucket: Bucket, points: number): Promise<Charge> {
    const own = this.#local.charge(key, bucket, points)
    if (!own.allowed) return own
    try {
      const values = [pointMs(bucket), fillMs(bucket), longestFillMs(bucket), points]
      const shared = parseCharge(await this.#redis.gatepostCharge(`gatepost-bucket-${key}`, ...values), bucket, points)
      return { allowed: shared.allowed, msUntilFull: Math.max(own.msUntilFull, shared.msUntilFull) }
    } catch (error) {
      this.#onFallback(error)
      return own
    }
  }
}

/** Parses the answer of the script. @throws RedisCountError for an answer that the script cannot give */
function parseCharge(answer: unknown, bucket: Bucket, points: number): Charge {
  const [verdict, until] = Array.isArray(answer) ? (answer as unknown[]) : []
  const msUntilFull = typeof until === 'string' && /^\d{1,12}\.\d{3}$/.test(until) ? Number(until) : Number.NaN
  const justified = verdict === 'allowed' || (verdict === 'refused' && msUntilAllowed(bucket, msUntilFull, points) > 0)
  if (!justified || !(msUntilFull <= longestFillMs(bucket) + 1)) {
    throw new RedisCountError('Redis stored or returned an invalid value')
  }
  return { allowed: verdict === 'allowed', msUntilFull }
}

/** Creates a client that fails fast, because requests must not wait for the rate limit. */
export function connectRedis(url: string, onError: (error: Error) => void): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: 250,
    // Without this, each request would wait for a connection whose other end has vanished.
    socketTimeout: 1_000,
    connectTimeout: 2_000,
    disconnectTimeout: 500,
    retryStrategy: (attempt) => Math.min(attempt * 200, 5_000),
  })
  redis.on('error', onError)
  return redis
}
