import rateLimit, { normalizeIP } from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Redis } from 'ioredis'
import type { Settings } from '../env.ts'
import { FallbackStore } from './rate-limit-store.ts'
import { HttpProblem } from './problem.ts'

export interface RateLimits {
  /** The step that counts a request: by member where a token was verified, else by address. */
  readonly countRequest: (request: FastifyRequest, reply: FastifyReply) => Promise<void>
  /** Counts a refused token of an address. @throws HttpProblem 429 instead of another 401 */
  readonly countBadToken: (request: FastifyRequest, reply: FastifyReply) => Promise<void>
}

const minute = 60_000
const address = (request: FastifyRequest): string => normalizeIP(request.ip, 64)

/**
 * Limits by the settings, a minute each.
 *
 * @param redis shared by all processes; null: each process counts for itself
 * @param onFallback told when Redis did not answer and this process counted for itself
 */
export async function limitRates(
  app: FastifyInstance,
  settings: Settings['rateLimits'],
  redis: Redis | null,
  onFallback: (error: unknown) => void,
): Promise<RateLimits> {
  class Store extends FallbackStore {
    constructor() {
      super({ redis, onFallback })
    }
  }
  await app.register(rateLimit, { global: false, store: Store })

  const byAddress = app.createRateLimit({
    max: settings.anonymous,
    timeWindow: minute,
    keyGenerator: (request) => `a:${address(request)}`,
  })
  const byMember = app.createRateLimit({
    max: settings.member,
    timeWindow: minute,
    keyGenerator: (request) => `m:${request.identity?.issuer ?? ''} ${request.identity?.subject ?? ''}`,
  })
  const badTokens = app.createRateLimit({
    max: settings.badToken,
    timeWindow: minute,
    keyGenerator: (request) => `t:${address(request)}`,
  })

  const count = async (limiter: typeof byAddress, request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const state = await limiter(request)
    if (state.isAllowed) return
    // https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
    reply.headers({
      'ratelimit-limit': state.max,
      'ratelimit-remaining': state.remaining,
      'ratelimit-reset': state.ttlInSeconds,
    })
    if (!state.isExceeded) return
    throw new HttpProblem(429, 'RATE_LIMITED', 'Too many requests. Wait as long as Retry-After says.', {
      'retry-after': String(Math.max(1, state.ttlInSeconds)),
    })
  }

  return {
    countRequest: (request, reply) => count(request.identity ? byMember : byAddress, request, reply),
    countBadToken: (request, reply) => count(badTokens, request, reply),
  }
}
