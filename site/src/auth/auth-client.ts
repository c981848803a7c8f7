import { Auth0Client } from '@auth0/auth0-spa-js'
import { site } from '../env.ts'

/** Why nobody was signed in when the page began. */
export type RestoreOutcome =
  /** Nobody was here before, as far as this browser knows. */
  | 'nobody'
  | 'restored'
  /** The provider says no, or the browser kept it from knowing us: a visit to the provider itself may help. */
  | 'refused'
  /** The provider did not answer. */
  | 'away'

/** How long the silent sign-in may take, in seconds: the SDK's own minute is far too long for a reader. */
const silentSignInSeconds = 5

/** What the provider answers to a silent question when it wants to see the person: OpenID Connect Core, 3.1.2.6. */
const wantsThePerson = new Set([
  'login_required',
  'consent_required',
  'interaction_required',
  'account_selection_required',
])

export const wantsPerson = (error: unknown): boolean => wantsThePerson.has(errorCode(error))

export const errorCode = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'error' in error ? String(error.error) : ''

export const callbackPath = '/callback/'

export interface AuthClient {
  readonly sdk: Auth0Client
  /** How the silent sign-in at the start of the page went. */
  readonly outcome: () => RestoreOutcome
  /** Whether this browser has the SDK's mark that somebody signed in here. */
  readonly hasMark: () => boolean
}

/**
 * Auth0's SDK with the token in memory only. Its own check at the start of a page swallows why nobody is signed in; a blocked
 * cookie and a provider that is away need different next steps, so ours remembers.
 */
export function createAuthClient(): AuthClient {
  const origin = typeof window === 'undefined' ? site.url : window.location.origin
  const sdk = new Auth0Client({
    domain: site.auth.domain,
    clientId: site.auth.clientId,
    cacheLocation: 'memory',
    useRefreshTokens: false,
    authorizeTimeoutInSeconds: silentSignInSeconds,
    // As long as the provider's own session usually lasts; the mark says only that it is worth asking.
    sessionCheckExpiryDays: 14,
    authorizationParams: {
      audience: site.auth.audience,
      redirect_uri: `${origin}${callbackPath}`,
      scope: 'openid profile email',
    },
  })
  const hasMark = () => typeof document !== 'undefined' && document.cookie.includes(markOf(site.auth.clientId))
  let outcome: RestoreOutcome = 'nobody'
  sdk.checkSession = async () => {
    if (!hasMark()) return
    try {
      await sdk.getTokenSilently()
      outcome = 'restored'
    } catch (error) {
      outcome = wantsPerson(error) ? 'refused' : 'away'
      // So that the next page does not ask again what was just refused.
      if (outcome === 'refused') await sdk.logout({ openUrl: false })
    }
  }
  return { sdk, outcome: () => outcome, hasMark }
}

/** Of the cookie by which the SDK knows that somebody signed in here. It says nothing else. */
export const markOf = (clientId: string): string => `auth0.${clientId}.is.authenticated=`
