/** Who a verified token says one is. Nothing here says what they may read: that is in the database. */
export interface Identity {
  /** The token's `iss`, as configured. */
  readonly issuer: string
  /** The token's `sub`. Unique with the issuer, stable for ever, not a name. */
  readonly subject: string
  /** From `permissions` and `scope` of the token, without repeats. */
  readonly permissions: ReadonlySet<string>
  /** A program with client credentials: there is no person behind it, so no profile. */
  readonly isProgram: boolean
  /** Whether the token may read the profile (scope `openid`). */
  readonly mayReadProfile: boolean
  /** When the token ends. */
  readonly expiresAt: Date
}
