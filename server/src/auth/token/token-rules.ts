import type { AuthSettings } from '../../env.ts'

/** The settings and the instant that a token is checked against. */
export interface TokenRules {
  readonly settings: AuthSettings
  /** Wall time, read once for one token. */
  readonly now: Date
}

/** Tolerated difference between the issuer's clock and this machine's. */
export const clockToleranceSeconds = 5

/** The only accepted algorithm. A choice of algorithms makes confusion attacks possible (RFC 8725, section 3.1). */
export const algorithm = 'RS256'
