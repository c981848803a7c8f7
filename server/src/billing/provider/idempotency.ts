import { createHash } from 'node:crypto'

/**
 * Returns request options with an idempotency key: the provider executes equal requests once within a day. The key contains a digest of
 * the parameters, because the provider refuses a key that is used again with other parameters. A request that arrives while its twin
 * runs is answered with 409, and the client retries.
 */
export function idempotent(name: string, params: object) {
  const digest = createHash('sha256').update(JSON.stringify(params)).digest('hex').slice(0, 16)
  return { idempotencyKey: `gatepost-${name}-${digest}` }
}
