import { useCallback, useEffect, useMemo, useState, type ReactNode } from 'react'
import { Auth0Provider, useAuth0, type AppState, type User } from '@auth0/auth0-react'
import { navigate } from 'gatsby'
import {
  clearAbandonedSignIn,
  callbackPath,
  createAuthClient,
  wantsPerson,
  isProviderReachable,
  type AuthClient,
} from './auth-client.ts'
import { setContinuation } from './continuation.ts'
import { explanations } from './explain-callback.ts'
import { NoSignInSession } from './no-sign-in-session.tsx'
import { isContinuing, isSilent, currentAddress, readReturnAddress } from './return-address.ts'
import {
  SessionContext,
  type Person,
  type Session,
  type SignInOptions,
  type TokenOptions,
  type SessionProblem,
} from './session-context.ts'
import { ProviderUnavailable, SessionEnded } from './session-errors.ts'
import { openTabs } from './tabs.ts'
import { subjectOf } from './token-claims.ts'
import { useTopLevelRestore } from './top-level-restore.ts'

export { useSession, type Person, type SessionProblem } from './session-context.ts'

export const onCallbackPage = (): boolean =>
  typeof window !== 'undefined' && window.location.pathname.startsWith(callbackPath)

const tabs = openTabs()

/** Provides the session. Without `crypto.subtle`, as at a plain http address with a host name, the SDK does not start. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const [client] = useState(() => (canSignIn() ? createAuthClient() : null))
  if (!client) return <NoSignInSession>{children}</NoSignInSession>
  return (
    <Auth0Provider client={client.sdk} skipRedirectCallback={!onCallbackPage()} onRedirectCallback={goBack}>
      <SessionOfClient client={client}>{children}</SessionOfClient>
    </Auth0Provider>
  )
}

/** Returns whether readers can sign in. True on the server, because the static page is built for browsers in which they can. */
const canSignIn = (): boolean => typeof window === 'undefined' || window.crypto?.subtle !== undefined

function goBack(appState?: AppState): void {
  // A sign-in that the page started by itself changes nothing for the other tabs.
  if (!isSilent(appState)) tabs.send('signed-in')
  leaveCallback(appState)
}

/** Goes from the callback page to the page where the sign-in began. */
export function leaveCallback(appState: unknown): void {
  const { to, place } = readReturnAddress(appState, window.location.origin)
  setContinuation(isContinuing(appState))
  void navigate(to, { replace: true, state: { place } })
}

function SessionOfClient({ client, children }: { client: AuthClient; children: ReactNode }) {
  const { isLoading, user, logout, getAccessTokenSilently } = useAuth0()
  const [happened, setProblem] = useState<SessionProblem | 'none' | null>(null)
  /** Whether somebody signed out in another tab during the silent sign-in. Its answer is then ignored. */
  const [overtaken, setOvertaken] = useState(false)
  const restoring = useTopLevelRestore(client)
  const person = useMemo(() => (overtaken ? null : personOf(user)), [user, overtaken])
  // The problem at the start of the page, until another one occurs.
  const problem = known(happened ?? (isLoading ? 'none' : problemAtStart(client)))

  const forget = useCallback(() => logout({ openUrl: false }), [logout])

  useEffect(() => {
    if (!onCallbackPage()) clearAbandonedSignIn()
  }, [])

  useEffect(() => {
    if (!isLoading && overtaken) void forget().then(() => setOvertaken(false))
  }, [isLoading, overtaken, forget])

  /** Reads into the state who is signed in now. */
  const refresh = useCallback(async () => {
    const signOuts = tabs.signOuts()
    try {
      await client.renew()
      if (tabs.signOuts() === signOuts) await getAccessTokenSilently()
      else await forget()
    } catch (error) {
      // Another person may have signed in: the state of the last one is removed.
      if (wantsPerson(error)) await getAccessTokenSilently({ cacheMode: 'cache-only' })
      throw error
    }
  }, [client, forget, getAccessTokenSilently])

  useEffect(
    () =>
      tabs.listen((message) => {
        setProblem('none')
        if (message === 'signed-in') return void refresh().catch(() => undefined)
        setOvertaken(isLoading)
        void forget()
      }),
    [forget, refresh, isLoading],
  )

  // A page from the back/forward cache may belong to a reader who has signed out since.
  const someone = person !== null
  useEffect(() => {
    const onShow = ({ persisted }: PageTransitionEvent) => {
      if (!persisted) return
      clearAbandonedSignIn()
      if (someone) window.location.reload()
    }
    window.addEventListener('pageshow', onShow)
    return () => window.removeEventListener('pageshow', onShow)
  }, [someone])

  const subject = person?.subject
  const getToken = useCallback(
    async (refused?: string, { quietly = false }: TokenOptions = {}) => {
      const signOuts = tabs.signOuts()
      try {
        const held = await client.sdk.getTokenSilently({ cacheMode: 'cache-only' })
        // Of several queries with the same refused token, the first fetches a new one for all.
        const token = held === undefined || held === refused ? await client.renew() : held
        if (token !== undefined && subjectOf(token) === subject && tabs.signOuts() === signOuts) return token
      } catch (error) {
        const ended = wantsPerson(error)
        if (!quietly) setProblem(ended ? 'ended' : 'provider-away')
        throw ended ? new SessionEnded() : new ProviderUnavailable()
      }
      // Somebody else is signed in now, or nobody. This reader's client must not use another reader's token.
      if (tabs.signOuts() === signOuts) await getAccessTokenSilently().catch(() => undefined)
      else await forget()
      throw new SessionEnded()
    },
    [client, subject, forget, getAccessTokenSilently],
  )

  const signIn = useCallback(
    async ({ back = currentAddress(), create = false, another = false }: SignInOptions = {}) => {
      if (!(await isProviderReachable())) throw new ProviderUnavailable()
      try {
        await client.sdk.loginWithRedirect({
          appState: back,
          authorizationParams: {
            ...(create && { screen_hint: 'signup' }),
            ...(another && { prompt: 'login' as const }),
          },
        })
      } catch (error) {
        // The SDK needs sessionStorage for its transaction.
        const blocked = error instanceof DOMException && error.name === 'SecurityError'
        throw blocked ? new Error(explanations['cookies-blocked'].text) : error
      }
    },
    [client],
  )

  const signOut = useCallback(async () => {
    setProblem('none')
    tabs.send('signed-out')
    await forget()
    if (await isProviderReachable()) await client.sdk.logout({ logoutParams: { returnTo: window.location.origin } })
    else setProblem('signed-out-here')
  }, [client, forget])

  const retry = useCallback(async () => {
    try {
      await refresh()
      setProblem('none')
    } catch (error) {
      if (!wantsPerson(error)) throw new ProviderUnavailable()
      await signIn()
    }
  }, [refresh, signIn])

  const dismiss = useCallback(() => setProblem('none'), [])

  const status = isLoading || restoring ? 'pending' : person ? 'signed-in' : 'anonymous'
  const session = useMemo(
    () => ({ status, person, problem, signIn, signOut, retry, dismiss, getToken }) satisfies Session,
    [status, person, problem, signIn, signOut, retry, dismiss, getToken],
  )
  return <SessionContext value={session}>{children}</SessionContext>
}

function problemAtStart(client: AuthClient): SessionProblem | 'none' {
  const outcome = client.outcome()
  if (outcome === 'away') return 'provider-away'
  return outcome === 'denied' ? 'denied' : 'none'
}

const known = (problem: SessionProblem | 'none'): SessionProblem | null => (problem === 'none' ? null : problem)

function personOf(user: User | undefined): Person | null {
  if (!user?.sub) return null
  return { subject: user.sub, name: user.name ?? user.nickname ?? 'Member', picture: user.picture ?? null }
}
