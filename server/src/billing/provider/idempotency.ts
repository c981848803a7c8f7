import { createHash } from 'node:crypto'

/**
 * Returns request options with an idempotency key. The provider executes requests with the same key once within a day. The key
 * contains a digest of the parameters, because the provider refuses a reused key with other parameters. While an equal request
 * runs, the provider answers with 409, and the client retries.
 */
export function idempotent(name: string, params: object) {
  const digest = createHash('sha256').update(JSON.stringify(params)).digest('hex').slice(0, 16)
  return { idempotencyKey: `gatepost-${name}-${digest}` }
}
