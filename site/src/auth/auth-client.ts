import { Auth0Client } from '@auth0/auth0-spa-js'
import { identityOrigin, site } from '../env.ts'

/** The outcome of the silent sign-in at the start of a page. */
export type RestoreOutcome =
  /** This browser does not know of an earlier sign-in, so there was no attempt. */
  | 'nobody'
  | 'restored'
  /** The provider wants the reader to interact, or the browser withheld its cookie. A visit to the provider may help. */
  | 'refused'
  /** The provider refused. */
  | 'denied'
  /** The provider did not answer. */
  | 'away'

/** The timeout of the silent sign-in. The SDK's default of a minute is too long for a reader. */
const silentSignInSeconds = 5
/** As long as a session of the provider usually lasts. The mark means only that an attempt is worthwhile. */
const markDays = 14

/** Errors of a silent sign-in that needs interaction: OpenID Connect Core, 3.1.2.6. */
const wantsThePerson = new Set([
  'login_required',
  'consent_required',
  'interaction_required',
  'account_selection_required',
])
/** Temporary errors: RFC 6749, 4.1.2.1. An error of the network has no code. */
const notNow = new Set(['', 'timeout', 'temporarily_unavailable', 'server_error'])

export const wantsPerson = (error: unknown): boolean => wantsThePerson.has(errorCode(error))

export const errorCode = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'error' in error ? String(error.error) : ''

export interface AuthClient {
  readonly sdk: Auth0Client
  /** Returns the outcome of the silent sign-in at the start of the page. */
  readonly outcome: () => RestoreOutcome
  /** Returns whether the SDK's cookie says that somebody has signed in in this browser. */
  readonly hasMark: () => boolean
  /** Fetches a new token silently. Concurrent callers share one request. */
  readonly renew: () => Promise<string | undefined>
}

/**
 * Creates Auth0's SDK with the token in memory only. The SDK's own check at the start of a page swallows its error. A blocked cookie and
 * an unavailable provider need different next steps, so this check keeps the outcome.
 */
export function createAuthClient(): AuthClient {
  const origin = typeof window === 'undefined' ? site.url : window.location.origin
  const sdk = new Auth0Client({
    domain: site.auth.domain,
    clientId: site.auth.clientId,
    cacheLocation: 'memory',
    useRefreshTokens: false,
    // The site has no anonymous sessions. The default uses localStorage, which throws if the browser blocks the site's data.
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
      // Removes the mark, so that the next page does not repeat an attempt that was refused.
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
 * Keeps the mark if a renewal is refused. A refused frame does not tell whether the session has ended or the browser withholds the cookie.
 * The SDK removes the mark in both cases, for all tabs. With the mark the next page can find out by a visit to the provider.
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

/** Returns the beginning of the SDK's cookie that marks an earlier sign-in. The cookie has no other content. */
export const markOf = (clientId: string): string => `auth0.${clientId}.is.authenticated=`

export const callbackPath = '/callback/'

/**
 * Removes the SDK's transaction of a sign-in that was abandoned with the back button. It contains the code verifier. A tab that shows
 * another page than the callback has no sign-in under way.
 */
export function clearAbandonedSignIn(): void {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith('a0.spajs.txs')) sessionStorage.removeItem(key)
  } catch {
    // Storage is disabled, and so empty.
  }
}

const reachTimeoutMs = 4_000

/**
 * Returns whether the identity provider can be reached. It is asked before a redirect, because a browser that cannot reach it replaces
 * the article with an error page.
 */
export async function isProviderReachable(): Promise<boolean> {
  try {
    await fetch(`${identityOrigin()}/.well-known/openid-configuration`, {
      // An opaque answer is enough.
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
