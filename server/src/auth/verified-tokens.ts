import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { checkTimes } from './claim-checks.ts'
import type { KeySet } from './key-set.ts'
import type { VerifiedToken } from './verify-token.ts'

/** How many tokens are remembered; a few kilobytes each at the most. */
const mostTokens = 5_000

export interface VerifiedTokens {
  /** @returns undefined unless the token is still in its time and the keys that verified it still count */
  recall(token: string, now: Date): VerifiedToken | undefined
  /** @param version of the key set before the token was verified: had the keys changed meanwhile, it would not count */
  remember(token: string, verified: VerifiedToken, version: number): void
}

/**
 * Remembers tokens that were verified, so that a repeated one costs no RSA. Kept by their digest: a dump of this memory
 * holds no token. Refused tokens are not remembered, or whoever invents them could push the good ones out.
 */
export function createVerifiedTokens(keys: Pick<KeySet, 'version' | 'isFresh'>, most = mostTokens): VerifiedTokens {
  const remembered = new LRUCache<string, { verified: VerifiedToken; version: number }>({ max: most })

  return {
    recall(token, now) {
      // Past its time the key set must be renewed first: it may have lost the key that signed this token.
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
