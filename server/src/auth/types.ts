/** Why a token was refused. Stable codes for logs, metrics and tests; responses do not contain them. */
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

/** Why an Authorization header was refused before a token was decoded. */
export type HeaderReason = 'authorization_repeated' | 'scheme_not_bearer' | 'token_missing'

/** Why a fetch from the identity provider failed. */
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

/** Why a token could not be verified. The caller is not at fault. */
export type FaultReason = 'keys_unavailable' | 'verification_failed'

/** An event for the log and the metrics. No event contains a token or a value that a caller can choose. */
export type AuthEvent =
  /** `fromMemory`: the token was found in the cache of verified tokens. */
  | { readonly type: 'token_accepted'; readonly fromMemory: boolean }
  | { readonly type: 'token_refused'; readonly reason: TokenReason | HeaderReason; readonly expected?: string }
  | { readonly type: 'token_unchecked'; readonly reason: FaultReason }
  | { readonly type: 'keys_fetched'; readonly keys: number; readonly changed: boolean }
  /** Keys older than `keyTimes.freshFor` were used because the issuer is unreachable. At most once a minute. */
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
