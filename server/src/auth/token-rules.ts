import type { AuthSettings } from '../env.ts'

/** What tokens are judged by. */
export interface TokenRules {
  readonly settings: AuthSettings
  /** Wall time, read once for one token. */
  readonly now: Date
}

/** How far the issuer's clock and ours may be apart. */
export const clockToleranceSeconds = 5

/** The one algorithm. A list to choose from is what algorithm confusion needs (RFC 8725, section 3.1). */
export const algorithm = 'RS256'
