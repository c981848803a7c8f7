import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { checkTimes } from './claim-checks.ts'
import type { KeySet } from '../keys/key-set.ts'
import type { VerifiedToken } from './verify-token.ts'

/** Maximum number of cached tokens, of at most a few kilobytes each. */
const mostTokens = 5_000

interface VerifiedTokens {
  /** Returns a cached token, or undefined if it is unknown, has expired, or the keys have changed since it was verified. */
  recall(token: string, now: Date): VerifiedToken | undefined
  /** Caches a token. @param version the version of the key set before the verification, so that a change of keys meanwhile counts */
  remember(token: string, verified: VerifiedToken, version: number): void
}

/**
 * Creates a cache of verified tokens, which saves the RSA operation for a repeated token. The keys are digests, so that a memory dump
 * contains no token. Refused tokens are not cached: invented ones could evict the valid ones.
 */
export function createVerifiedTokens(keys: Pick<KeySet, 'version' | 'isFresh'>, most = mostTokens): VerifiedTokens {
  const remembered = new LRUCache<string, { verified: VerifiedToken; version: number }>({ max: most })

  return {
    recall(token, now) {
      // A stale key set is renewed first: the issuer may have revoked the key that signed this token.
      if (!keys.isFresh()) return undefined
      const digest = digestOf(token)
      const entry = remembered.get(digest)
      if (!entry) return undefined
      if (entry.version === keys.version() && checkTimes(entry.verified.times, { now }) === null) return entry.verified
      remembered.delete(digest)
      return undefined
    },
    remember(token, verified, version) {
      remembered.set(digestOf(token), { verified, version })
    },
  }
}

const digestOf = (token: string): string => createHash('sha256').update(token).digest('base64')
