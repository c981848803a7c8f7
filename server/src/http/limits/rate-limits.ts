import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Redis } from 'ioredis'
import type { Settings } from '../../env.ts'
import { callerAddress, callerOf } from './caller.ts'
import { tooMany } from '../problem.ts'
import { LocalStore, SharedStore, type RateLimitStore } from './rate-limit-store.ts'
import { bucketOf, fillMs, msUntilAllowed, remainingPoints, type Bucket, type Charge } from './token-bucket.ts'

export interface RateLimits {
  /** The step that charges a request to its member if a token was verified, else to its address. @throws HttpProblem 429 */
  readonly countRequest: (request: FastifyRequest, reply: FastifyReply) => Promise<void>
  /** Charges a refused token to its address. @throws HttpProblem 429 instead of another 401 */
  readonly countBadToken: (request: FastifyRequest, reply: FastifyReply) => Promise<void>
}

/** The rate limit of a request's caller: the limit of a member if a token was verified, else the limit of an address. */
interface CallerRate {
  /** Points that are refilled per minute. A request costs one. */
  readonly perMinute: number
  /** Points that the caller can spend at once. */
  readonly burst: number
  /**
   * Charges further points before work is done, all of them or none, and updates the `RateLimit` headers of the response.
   *
   * More points than `burst` are allowed if the bucket is full. The next request is then refused until the overdraft is refilled.
   *
   * @param points the cost of the work beside the one point of the request; may be a fraction
   */
  charge(points: number): Promise<RateCharge>
}

/** The result of a charge. */
interface RateCharge {
  readonly allowed: boolean
  /** Whole seconds until the same charge would be allowed. 0 if it was allowed. */
  readonly retryAfterSeconds: number
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set as soon as the request has been counted. */
    rate: CallerRate | null
  }
}

interface RateLimitOptions {
  readonly settings: Settings['rateLimits']
  /** Shared by all processes. If null, each process keeps its own counts. */
  readonly redis: Redis | null
  /** A clock in milliseconds that never goes back. */
  readonly now: () => number
  /** Called when Redis failed or returned an invalid value, and only the count of this process was used. */
  readonly onFallback: (error: unknown) => void
}

/** Creates the rate limits of the settings. The buckets refill continuously (token-bucket.ts). */
export function limitRates(app: FastifyInstance, { settings, redis, now, onFallback }: RateLimitOptions): RateLimits {
  const local = new LocalStore(now)
  const store: RateLimitStore = redis
    ? new SharedStore(local, redis, onFallback)
    : { charge: async (...charged) => local.charge(...charged) }
  const buckets = {
    anonymous: bucketOf(settings.anonymous),
    member: bucketOf(settings.member),
    badToken: bucketOf(settings.badToken),
  }
  app.decorateRequest('rate', null)

  const rateOf = (key: string, bucket: Bucket, reply: FastifyReply): CallerRate => {
    const charge = async (points: number): Promise<RateCharge> =>
      reportCharge(reply, bucket, await store.charge(key, bucket, points), points)
    return { ...bucket, charge }
  }
  const count = async (rate: CallerRate): Promise<void> => {
    const { allowed, retryAfterSeconds } = await rate.charge(1)
    if (!allowed) throw tooMany(retryAfterSeconds)
  }

  return {
    countRequest: async (request, reply) => {
      request.rate = rateOf(callerOf(request), request.identity ? buckets.member : buckets.anonymous, reply)
      await count(request.rate)
    },
    countBadToken: (request, reply) => count(rateOf(`t:${callerAddress(request.ip)}`, buckets.badToken, reply)),
  }
}

/** Sets the `RateLimit` headers: https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-ratelimit-headers-07 */
function reportCharge(
  reply: FastifyReply,
  bucket: Bucket,
  { allowed, msUntilFull }: Charge,
  points: number,
): RateCharge {
  if (!reply.sent) {
    reply.headers({
      'ratelimit-policy': `${bucket.perMinute};w=60;burst=${bucket.burst}`,
      'ratelimit-limit': bucket.burst,
      'ratelimit-remaining': remainingPoints(bucket, msUntilFull),
      'ratelimit-reset': seconds(Math.min(msUntilFull, fillMs(bucket))),
    })
  }
  return { allowed, retryAfterSeconds: allowed ? 0 : Math.max(1, seconds(msUntilAllowed(bucket, msUntilFull, points))) }
}

const seconds = (ms: number): number => Math.ceil(ms / 1000)
