import { Auth0Client } from '@auth0/auth0-spa-js'
import { identityOrigin, site } from '../env.ts'

/** Why nobody was signed in when the page began. */
export type RestoreOutcome =
  /** Nobody was here before, as far as this browser knows. */
  | 'nobody'
  | 'restored'
  /** The provider wants to see the person, or the browser kept it from knowing us: a visit to the provider itself may help. */
  | 'refused'
  /** The provider said no, for good. */
  | 'denied'
  /** The provider did not answer. */
  | 'away'

/** How long the silent sign-in may take, in seconds: the SDK's own minute is far too long for a reader. */
const silentSignInSeconds = 5
/** As long as a provider's own session usually lasts; the mark says only that it is worth asking. */
const markDays = 14

/** What the provider answers to a silent question when it wants to see the person: OpenID Connect Core, 3.1.2.6. */
const wantsThePerson = new Set([
  'login_required',
  'consent_required',
  'interaction_required',
  'account_selection_required',
])
/** No answer, or one that says "not now": RFC 6749, 4.1.2.1. Without a code it was the network. */
const notNow = new Set(['', 'timeout', 'temporarily_unavailable', 'server_error'])

export const wantsPerson = (error: unknown): boolean => wantsThePerson.has(errorCode(error))

export const errorCode = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'error' in error ? String(error.error) : ''

export interface AuthClient {
  readonly sdk: Auth0Client
  /** How the silent sign-in at the start of the page went. */
  readonly outcome: () => RestoreOutcome
  /** Whether this browser has the SDK's mark that somebody signed in here. */
  readonly hasMark: () => boolean
  /** A token that the provider makes now, silently. Many who ask at once get the same. */
  readonly renew: () => Promise<string | undefined>
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
    // We have none; and it would reach for localStorage, which throws where a browser blocks the site's data.
    anonymousSessionsCacheMode: 'memory',
    authorizeTimeoutInSeconds: silentSignInSeconds,
    sessionCheckExpiryDays: markDays,
    authorizationParams: {
      audience: site.auth.audience,
      redirect_uri: `${origin}${callbackPath}`,
      scope: 'openid profile email',
    },
  })
  let outcome: RestoreOutcome = 'nobody'
  sdk.checkSession = async () => {
    if (!hasMark()) return
    try {
      await sdk.getTokenSilently()
      outcome = 'restored'
    } catch (error) {
      outcome = outcomeOf(error)
      // So that the next page does not ask again what was just refused.
      if (outcome !== 'away') await sdk.logout({ openUrl: false })
    }
  }
  let renewal: Promise<string | undefined> | null = null
  return {
    sdk,
    outcome: () => outcome,
    hasMark,
    renew: () =>
      (renewal ??= keepingMark(() => sdk.getTokenSilently({ cacheMode: 'off' })).finally(() => {
        renewal = null
      })),
  }
}

function outcomeOf(error: unknown): RestoreOutcome {
  if (wantsPerson(error)) return 'refused'
  return notNow.has(errorCode(error)) ? 'away' : 'denied'
}

const hasMark = (): boolean => typeof document !== 'undefined' && document.cookie.includes(markOf(site.auth.clientId))

/**
 * A frame that is refused does not say whether the session is over or the browser withholds its cookie. The SDK takes the mark away
 * for both, from all tabs; it stays, so that the next page can find out by a visit to the provider.
 */
async function keepingMark<T>(ask: () => Promise<T>): Promise<T> {
  const marked = hasMark()
  try {
    return await ask()
  } catch (error) {
    if (marked && wantsPerson(error)) {
      const secure = window.location.protocol === 'https:' ? '; secure' : ''
      document.cookie = `${markOf(site.auth.clientId)}true; path=/; max-age=${markDays * 86_400}; samesite=lax${secure}`
    }
    throw error
  }
}

/** Of the cookie by which the SDK knows that somebody signed in here. It says nothing else. */
export const markOf = (clientId: string): string => `auth0.${clientId}.is.authenticated=`

export const callbackPath = '/callback/'

/**
 * Takes away what the SDK keeps of a sign-in that was left half-way by the browser's back button: it has the verifier of the
 * exchange in it. A tab that shows a page of ours is in no sign-in.
 */
export function clearAbandonedSignIn(): void {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith('a0.spajs.txs')) sessionStorage.removeItem(key)
  } catch {
    // Storage is switched off, and so empty.
  }
}

const reachTimeoutMs = 4_000

/**
 * Whether the identity provider can be reached. Asked before the reader is sent there: a browser that cannot reach it shows its
 * own error page, and the article is gone.
 */
export async function isProviderReachable(): Promise<boolean> {
  try {
    await fetch(`${identityOrigin()}/.well-known/openid-configuration`, {
      // Its answer need not be readable from here; that there is one is enough.
      mode: 'no-cors',
      credentials: 'omit',
      cache: 'no-store',
      signal: AbortSignal.timeout(reachTimeoutMs),
    })
    return true
  } catch {
    return false
  }
}
