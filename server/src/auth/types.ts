/** Why a token was refused: stable words for logs, metrics and tests. The caller never sees them. */
export type TokenReason =
  | 'token_too_long'
  | 'token_not_a_jwt'
  | 'member_name_reserved'
  | 'typ_not_accepted'
  | 'alg_not_allowed'
  | 'header_names_a_key'
  | 'header_critical'
  | 'header_payload_encoding'
  | 'kid_invalid'
  | 'signature_missing'
  | 'kid_unknown'
  | 'signature_wrong'
  | 'iss_wrong'
  | 'aud_wrong'
  | 'exp_invalid'
  | 'iat_invalid'
  | 'nbf_invalid'
  | 'token_expired'
  | 'token_not_yet_valid'
  | 'iat_in_future'
  | 'lifetime_above_TOKEN_MAX_LIFETIME_SECONDS'
  | 'sub_invalid'
  | 'jose_refused'

/** Why an Authorization header was refused before any token was looked at. */
export type HeaderReason = 'authorization_repeated' | 'scheme_not_bearer' | 'token_missing'

/** Why a fetch from the identity provider gave nothing to work with. */
export type FetchReason =
  | 'unreachable'
  | 'timed_out'
  | 'redirected'
  | 'status'
  | 'too_large'
  | 'not_json'
  | 'discovery_issuer_wrong'
  | 'discovery_endpoint_wrong'
  | 'no_usable_keys'

/** Why a token could not be judged at all. It is nobody's fault who calls. */
export type FaultReason = 'keys_unavailable' | 'verification_failed'

/** What auth tells the app, to log and to count. No event holds a token, or anything of a stranger's choosing. */
export type AuthEvent =
  /** `fromMemory`: the same token was verified before, no RSA was done. */
  | { readonly type: 'token_accepted'; readonly fromMemory: boolean }
  | { readonly type: 'token_refused'; readonly reason: TokenReason | HeaderReason; readonly expected?: string }
  | { readonly type: 'token_unchecked'; readonly reason: FaultReason }
  | { readonly type: 'keys_fetched'; readonly keys: number; readonly changed: boolean }
  /** Served from a set that is past its time, because the issuer cannot be asked. At most once a minute. */
  | { readonly type: 'keys_stale'; readonly ageSeconds: number }
  | {
      readonly type: 'keys_failed'
      readonly reason: FetchReason
      /** The HTTP status, for reason `status`. */
      readonly status?: number | undefined
      /** Such as ECONNREFUSED, for reason `unreachable`. */
      readonly code?: string | undefined
      readonly retryInSeconds: number
    }

export type Observe = (event: AuthEvent) => void
