import type { FastifyReply, FastifyRequest } from 'fastify'
import { callerAddress } from './caller.ts'
import { isHealthCheck } from '../routes/health.ts'
import { tooMany } from '../problem.ts'
import { LocalStore } from './rate-limit-store.ts'
import { bucketOf, msUntilAllowed, type Bucket } from './token-bucket.ts'

/** A rate limit of addresses, counted in this process only, without waiting for Redis. */
export class AddressLimit {
  readonly #bucket: Bucket
  readonly #store: LocalStore

  /** @param now a clock in milliseconds that never goes back */
  constructor(perMinute: number, now: () => number) {
    this.#bucket = bucketOf(perMinute)
    this.#store = new LocalStore(now)
  }

  /**
   * Charges one point to an address.
   *
   * @param purpose a separate count for the same address. Each purpose has the whole limit
   * @returns the seconds to wait, 0 if the request is allowed
   */
  charge(ip: string, purpose = ''): number {
    const { allowed, msUntilFull } = this.#store.charge(`${purpose} ${callerAddress(ip)}`, this.#bucket, 1)
    return allowed ? 0 : this.#secondsUntilAllowed(msUntilFull)
  }

  /** Returns the seconds until an address has a point again, 0 if it has one. Charges nothing. */
  secondsToWait(ip: string): number {
    return this.#secondsUntilAllowed(this.#store.msUntilFull(` ${callerAddress(ip)}`))
  }

  #secondsUntilAllowed(msUntilFull: number): number {
    return Math.max(0, Math.ceil(msUntilAllowed(this.#bucket, msUntilFull, 1) / 1_000))
  }
}

/**
 * The step that limits every request of an address, including 404s, health checks, preflights and webhooks.
 *
 * @param onRefused called with each refused request, because no later step runs for it
 */
export function limitAddresses(
  addresses: AddressLimit,
  onRefused: (request: FastifyRequest, reply: FastifyReply) => void,
) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    // A load balancer may check health from the address of a flood, so health checks have a separate count.
    const wait = addresses.charge(request.ip, isHealthCheck(request) ? 'health' : '')
    if (wait === 0) return
    onRefused(request, reply)
    throw tooMany(wait)
  }
}
