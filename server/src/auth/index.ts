import type { AuthSettings } from '../env.ts'
import type { Clock } from '../lib/clock.ts'
import { AuthRefusal, authUnavailable } from './auth-refusal.ts'
import { readBearerToken } from './token/bearer-token.ts'
import type { Identity } from './identity.ts'
import { createKeySet, KeysUnavailable } from './keys/key-set.ts'
import type { Observe } from './types.ts'
import { fetchUserInfo, type UserInfoResult } from './user-info.ts'
import { createVerifiedTokens } from './token/verified-tokens.ts'
import { verifyToken } from './token/verify-token.ts'

export { AuthRefusal } from './auth-refusal.ts'
export { decodeUnverified } from './token/decode-token.ts'
export { explainToken, type TokenExplanation } from './token/explain-token.ts'
export type { Identity } from './identity.ts'
export type { AuthEvent } from './types.ts'

export interface Auth {
  /**
   * Verifies the token of the Authorization header.
   *
   * @param rawHeaders Node's flat list of names and values
   * @returns the identity, or null for anonymous readers: no token, or a verified anonymous session
   * @throws AuthRefusal 400, 401 or 503, within 2.5 seconds
   */
  authenticate(rawHeaders: readonly string[]): Promise<{ identity: Identity; token: string } | null>
  /** Fetches the profile of a token's user. A program has no profile. The caller must respect the provider's rate limits. */
  userInfo(identity: Identity, token: string): Promise<UserInfoResult>
  /** Fetches the issuer's keys now. @returns whether it succeeded; after a failure the previous keys remain */
  reloadKeys(): Promise<boolean>
  /** Returns whether tokens can be verified. */
  ready(): boolean
  /** Fetches the keys and renews them from then on. Resolves after the first attempt, within 2 seconds, even if it failed. */
  start(): Promise<void>
  stop(): void
}

interface AuthOptions {
  readonly settings: AuthSettings
  readonly clock: Clock
  /** Called for each token and each fetch of keys, for the log and the metrics. Must not throw. */
  readonly observe: Observe
}

/** Creates the authentication service. Its state is the issuer's keys and a cache of recently verified tokens. */
export function createAuth({ settings, clock, observe }: AuthOptions): Auth {
  const keys = createKeySet({ issuer: settings.issuer, clock, observe })
  const verifiedTokens = createVerifiedTokens(keys)

  async function identify(token: string): Promise<Identity | null> {
    const now = clock.wall()
    const remembered = verifiedTokens.recall(token, now)
    if (remembered) {
      observe({ type: 'token_accepted', fromMemory: true })
      return remembered.identity
    }
    // Read before the verification. If the keys change meanwhile, the token must not be cached under the new version.
    const version = keys.version()
    const verified = await verifyToken(token, { settings, now }, (kid) => keys.find(kid))
    verifiedTokens.remember(token, verified, version)
    observe({ type: 'token_accepted', fromMemory: false })
    return verified.identity
  }

  return {
    async authenticate(rawHeaders) {
      try {
        const token = readBearerToken(rawHeaders)
        if (token === null) return null
        const identity = await identify(token)
        return identity && { identity, token }
      } catch (error) {
        const refusal = error instanceof AuthRefusal ? error : authUnavailable('verification_failed', 5, error)
        report(refusal, observe)
        throw refusal
      }
    },
    async userInfo(identity, token) {
      if (!identity.mayReadProfile) return { ok: false, reason: 'not_allowed' }
      const endpoint = await keys.userInfoEndpoint().catch((error: unknown) => {
        if (error instanceof KeysUnavailable) return null
        throw error
      })
      if (endpoint === null) return { ok: false, reason: 'no_endpoint' }
      return fetchUserInfo(endpoint, token, identity.subject)
    },
    reloadKeys: () => keys.reload(),
    ready: () => keys.isReady(),
    start: () => keys.start(),
    stop: () => keys.stop(),
  }
}

/** Reports unverifiable tokens separately: an outage must not look like a wave of forged tokens. */
function report({ reason, expected }: AuthRefusal, observe: Observe): void {
  if (reason === 'keys_unavailable' || reason === 'verification_failed') observe({ type: 'token_unchecked', reason })
  else observe({ type: 'token_refused', reason, ...(expected !== undefined && { expected }) })
}
