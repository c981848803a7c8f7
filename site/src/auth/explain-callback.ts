/** Why a sign-in did not come to its end. */
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

export interface CallbackFacts {
  /** The address has an answer of the provider's in it. */
  readonly answered: boolean
  /** OAuth's `error`, from the address or from the exchange of the code; empty: none. */
  readonly code: string
  readonly description: string
  readonly cookiesWork: boolean
}

/**
 * Which case it is: a pure function of what the provider and the browser said.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1
 * @see https://www.rfc-editor.org/rfc/rfc8707#section-2 `invalid_target`
 */
export function explainCallback({ answered, code, description, cookiesWork }: CallbackFacts): CallbackCase {
  if (!answered) return 'opened-by-hand'
  if (code === 'invalid_target' || /service not found|audience|resource (?:server|indicator)/i.test(description))
    return 'wrong-audience'
  // A token that was issued a moment ago is too old or not valid yet only by a clock that is wrong.
  if (/\((?:exp|iat|nbf|auth_time)\) claim/.test(description)) return 'clock-wrong'
  // The SDK keeps its half of the sign-in in the browser; it is gone.
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
  /** Whether signing in again may help. */
  readonly canRetry: boolean
}

export const explanations: Readonly<Record<CallbackCase, Explanation>> = {
  'opened-by-hand': {
    title: 'Nothing to do here',
    text: 'This page finishes a sign-in that began elsewhere on the site. Nobody is signing in now.',
    canRetry: true,
  },
  left: {
    title: 'You left the sign-in',
    text: 'Nothing has changed. You can go on reading what is open to everybody, or sign in after all.',
    canRetry: true,
  },
  refused: {
    title: 'The sign-in was refused',
    text: 'The sign-in service did not let this account in. Try another account, or ask the publisher why.',
    canRetry: true,
  },
  expired: {
    title: 'This sign-in took too long',
    text: 'It was finished in another tab, is too old, or was used before. Begin again; it takes a moment.',
    canRetry: true,
  },
  'cookies-blocked': {
    title: 'Your browser blocks cookies',
    text: 'Signing in needs them for a few seconds, to know that the answer belongs to you. Allow cookies for this site, then sign in again.',
    canRetry: true,
  },
  'wrong-audience': {
    title: 'This site is not set up right',
    text: 'The sign-in service does not know the part of the publication that you want to read. It is not your fault, and only the publisher can mend it: the setting AUTH0_AUDIENCE does not name an API of the tenant.',
    canRetry: false,
  },
  'clock-wrong': {
    title: 'The clock of this device is wrong',
    text: 'Signing in needs the right date and time. Let your device set its clock automatically, then sign in again.',
    canRetry: true,
  },
  'provider-away': {
    title: 'The sign-in service does not answer',
    text: 'It has trouble of its own at the moment. What is open to everybody can be read meanwhile.',
    canRetry: true,
  },
  failed: {
    title: 'The sign-in did not work',
    text: 'Something went wrong on the way. Try again; if it happens again, tell the publisher when it was.',
    canRetry: true,
  },
}
