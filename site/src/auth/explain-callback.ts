/** Why a sign-in failed. */
export type CallbackCase =
  | 'opened-by-hand'
  | 'left'
  | 'refused'
  | 'expired'
  | 'cookies-blocked'
  | 'wrong-audience'
  | 'clock-wrong'
  | 'provider-away'
  | 'failed'

interface CallbackFacts {
  /** Whether the address contains an answer of the provider. */
  readonly answered: boolean
  /** OAuth's `error`, from the address or from the exchange of the code; empty if there is none. */
  readonly code: string
  readonly description: string
  readonly cookiesWork: boolean
}

/**
 * Finds the reason why a sign-in failed, from the answer of the provider and the state of the browser. Pure.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1
 * @see https://www.rfc-editor.org/rfc/rfc8707#section-2 `invalid_target`
 */
export function explainCallback({ answered, code, description, cookiesWork }: CallbackFacts): CallbackCase {
  if (!answered) return 'opened-by-hand'
  if (code === 'invalid_target' || /service not found|audience|resource (?:server|indicator)/i.test(description))
    return 'wrong-audience'
  // A token that was just issued is expired, or not valid yet, only by a wrong clock.
  if (/\((?:exp|iat|nbf|auth_time)\) claim/.test(description)) return 'clock-wrong'
  // The SDK's transaction is no longer in the browser.
  if (code === 'missing_transaction' || code === 'state_mismatch') return cookiesWork ? 'expired' : 'cookies-blocked'
  if (code === 'access_denied') return /left|cancel|abort|did not authorize/i.test(description) ? 'left' : 'refused'
  if (code === 'unauthorized' || code === 'unauthorized_client' || code === 'consent_required') return 'refused'
  if (code === 'invalid_grant' || code === 'expired' || /expired|invalid state/i.test(description)) return 'expired'
  if (code === 'temporarily_unavailable' || code === 'server_error' || code === 'timeout' || code === 'request_error')
    return 'provider-away'
  return 'failed'
}

export interface Explanation {
  readonly title: string
  readonly text: string
  /** Whether another sign-in may help. */
  readonly canRetry: boolean
}

export const explanations: Readonly<Record<CallbackCase, Explanation>> = {
  'opened-by-hand': {
    title: 'Nothing to do here',
    text: 'This page completes a sign-in. No sign-in is in progress.',
    canRetry: true,
  },
  left: {
    title: 'You cancelled the sign-in',
    text: 'Nothing has changed. You can keep reading free articles, or sign in.',
    canRetry: true,
  },
  refused: {
    title: 'You couldn’t be signed in',
    text: 'The sign-in service refused this account. Try another account, or contact the publisher.',
    canRetry: true,
  },
  expired: {
    title: 'This sign-in took too long',
    text: 'It has expired, or it was completed in another tab. Sign in again.',
    canRetry: true,
  },
  'cookies-blocked': {
    title: 'Your browser blocks cookies',
    text: 'Signing in needs cookies for a few seconds. Allow cookies for this site, then sign in again.',
    canRetry: true,
  },
  'wrong-audience': {
    title: 'This site is not set up correctly',
    text: 'Only the publisher can fix this: the setting AUTH0_AUDIENCE does not name an API of the tenant.',
    canRetry: false,
  },
  'clock-wrong': {
    title: 'This device’s clock is wrong',
    text: 'Signing in needs the right date and time. Let your device set its clock automatically, then sign in again.',
    canRetry: true,
  },
  'provider-away': {
    title: 'The sign-in service is not responding',
    text: 'You can keep reading free articles. Try again later.',
    canRetry: true,
  },
  failed: {
    title: 'Sign-in failed',
    text: 'Something went wrong. Try again. If it happens again, tell the publisher when it happened.',
    canRetry: true,
  },
}
