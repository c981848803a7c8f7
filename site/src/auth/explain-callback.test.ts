import { describe, expect, test } from '@jest/globals'
import { explainCallback, explanations, type CallbackCase } from './explain-callback.ts'

const facts = { answered: true, code: '', description: '', cookiesWork: true }

test('an address without an answer was opened by hand', () => {
  expect(explainCallback({ ...facts, answered: false, code: 'access_denied' })).toBe('opened-by-hand')
})

test.each<[code: string, description: string, CallbackCase]>([
  // Texts of Auth0.
  ['access_denied', 'Service not found: https://api.gatepost.example', 'wrong-audience'],
  [
    'access_denied',
    'Client "abc" is not authorized to access resource server "https://api.example".',
    'wrong-audience',
  ],
  ['access_denied', 'User has canceled the interaction.', 'left'],
  ['access_denied', 'User did not authorize the request', 'left'],
  ['access_denied', 'user is blocked', 'refused'],
  ['access_denied', "You can't log in", 'refused'],
  ['access_denied', 'Can\'t access property "favorite_color" of undefined', 'refused'],
  ['unauthorized', 'user is blocked', 'refused'],
  ['unauthorized_client', 'Grant type not allowed for the client.', 'refused'],
  ['invalid_request', 'The audience parameter is not allowed.', 'wrong-audience'],
  ['consent_required', 'Consent required', 'refused'],
  ['server_error', '', 'provider-away'],
  ['temporarily_unavailable', 'The service is being maintained.', 'provider-away'],
  // The "resource owner" of RFC 6749 is the reader.
  ['access_denied', 'The resource owner or authorization server denied the request.', 'refused'],
  ['access_denied', 'The resource owner aborted the sign-in.', 'left'],
  // Texts of the local provider.
  ['invalid_target', 'resource indicator is missing, or unknown', 'wrong-audience'],
  ['invalid_target', '', 'wrong-audience'],
  ['access_denied', 'The sign-in was cancelled.', 'left'],
  ['access_denied', '', 'refused'],
  // The SDK's check of the ID token.
  [
    '',
    'Expiration Time (exp) claim error in the ID token; current time (Wed, 02 Dec 2026 00:13:00 GMT) is after expiration time (Mon, 30 Nov 2026 10:13:00 GMT)',
    'clock-wrong',
  ],
  [
    '',
    "Not Before time (nbf) claim in the ID token indicates that this token can't be used just yet. Current time (Sat, 28 Nov 2026 00:13:00 GMT) is before Mon, 30 Nov 2026 00:13:00 GMT",
    'clock-wrong',
  ],
  ['', 'Issuer (iss) claim mismatch in the ID token', 'failed'],
  // The exchange of the code.
  ['invalid_grant', 'Invalid authorization code', 'expired'],
  ['invalid_grant', 'grant request is invalid', 'expired'],
  ['invalid_request', 'authorization code has expired', 'expired'],
  ['expired', '', 'expired'],
  ['request_error', 'Failed to fetch', 'provider-away'],
  ['timeout', 'Timeout', 'provider-away'],
  // Texts of the SDK.
  ['missing_transaction', 'Invalid state', 'expired'],
  ['state_mismatch', 'Invalid state', 'expired'],
  ['', 'Invalid state', 'expired'],
  // Unknown errors.
  ['login_required', 'Login required', 'failed'],
  ['invalid_scope', 'The scope is not known.', 'failed'],
  ['', '', 'failed'],
  ['__proto__', 'constructor', 'failed'],
])('%s %j: %s', (code, description, kind) => {
  expect(explainCallback({ ...facts, code, description })).toBe(kind)
})

test.each<[code: string, CallbackCase]>([
  ['missing_transaction', 'cookies-blocked'],
  ['state_mismatch', 'cookies-blocked'],
  ['access_denied', 'refused'],
  ['invalid_target', 'wrong-audience'],
])('where cookies are blocked, %s: %s', (code, kind) => {
  expect(explainCallback({ ...facts, code, cookiesWork: false })).toBe(kind)
})

describe('the explanations', () => {
  const all = Object.values(explanations)

  test.each(['title', 'text'] as const)('have a %s each', (part) => {
    expect(new Set(all.map((words) => words[part])).size).toBe(all.length)
    expect(all.filter((words) => words[part].trim() === '')).toEqual([])
  })

  test('offer to try again, except where only the publisher can mend it', () => {
    const hopeless = Object.entries(explanations).filter(([, { canRetry }]) => !canRetry)
    expect(hopeless.map(([kind]) => kind)).toEqual(['wrong-audience'])
    expect(explanations['wrong-audience'].text).toContain('AUTH0_AUDIENCE')
  })
})
