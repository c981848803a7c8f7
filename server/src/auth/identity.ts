/** The identity in a verified token. It does not determine what its member may read; the database does. */
export interface Identity {
  /** The token's `iss`, as configured. */
  readonly issuer: string
  /** The token's `sub`. Unique within the issuer and permanent. Not a display name. */
  readonly subject: string
  /** From `permissions` and `scope` of the token, without duplicates. */
  readonly permissions: ReadonlySet<string>
  /** Whether the token was issued for client credentials. A program has no profile. */
  readonly isProgram: boolean
  /** Whether the profile can be fetched with the token (scope `openid`). */
  readonly mayReadProfile: boolean
  /** When the token expires. */
  readonly expiresAt: Date
}
