import { useCallback, useEffect, useMemo, useState, type ReactNode } from 'react'
import { Auth0Provider, useAuth0, type AppState, type User } from '@auth0/auth0-react'
import { navigate } from 'gatsby'
import { clearAbandonedSignIn, callbackPath, createAuthClient, wantsPerson, type AuthClient } from './auth-client.ts'
import { isProviderReachable } from './auth-client.ts'
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

/** Without the browser's cryptography, as on a plain http host name, there is no sign-in: the SDK would not even start. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const [client] = useState(() => (canSignIn() ? createAuthClient() : null))
  if (!client) return <NoSignInSession>{children}</NoSignInSession>
  return (
    <Auth0Provider client={client.sdk} skipRedirectCallback={!onCallbackPage()} onRedirectCallback={goBack}>
      <SessionOfClient client={client}>{children}</SessionOfClient>
    </Auth0Provider>
  )
}

/** On the server nobody signs in, and the page is drawn as for a browser that can. */
const canSignIn = (): boolean => typeof window === 'undefined' || window.crypto?.subtle !== undefined

function goBack(appState?: AppState): void {
  // The silent visit of a page that was loaded anew changes nothing for the other tabs.
  if (!isSilent(appState)) tabs.tell('signed-in')
  leaveCallback(appState)
}

/** From the callback page to where the sign-in began. */
export function leaveCallback(appState: unknown): void {
  const { to, place } = readReturnAddress(appState, window.location.origin)
  setContinuation(isContinuing(appState))
  void navigate(to, { replace: true, state: { place } })
}

function SessionOfClient({ client, children }: { client: AuthClient; children: ReactNode }) {
  const { isLoading, user, logout, getAccessTokenSilently } = useAuth0()
  const [happened, setProblem] = useState<SessionProblem | 'none' | null>(null)
  /** Somebody signed out in another tab while we were still asking who this is: the answer counts no more. */
  const [overtaken, setOvertaken] = useState(false)
  const restoring = useTopLevelRestore(client)
  const person = useMemo(() => (overtaken ? null : personOf(user)), [user, overtaken])
  // Until something happens that matters more: how the page began.
  const problem = known(happened ?? (isLoading ? 'none' : problemAtStart(client)))

  const forget = useCallback(() => logout({ openUrl: false }), [logout])

  useEffect(() => {
    if (!onCallbackPage()) clearAbandonedSignIn()
  }, [])

  useEffect(() => {
    if (!isLoading && overtaken) void forget().then(() => setOvertaken(false))
  }, [isLoading, overtaken, forget])

  /** Who is signed in by now, into the page's state; nobody, if it cannot be known. */
  const refresh = useCallback(async () => {
    const departures = tabs.departures()
    try {
      await client.renew()
      if (tabs.departures() === departures) await getAccessTokenSilently()
      else await forget()
    } catch (error) {
      // It may be somebody else: what was shown to the last one goes.
      if (wantsPerson(error)) await getAccessTokenSilently({ cacheMode: 'cache-only' })
      throw error
    }
  }, [client, forget, getAccessTokenSilently])

  useEffect(
    () =>
      tabs.listen((word) => {
        setProblem('none')
        if (word === 'signed-in') return void refresh().catch(() => undefined)
        setOvertaken(isLoading)
        void forget()
      }),
    [forget, refresh, isLoading],
  )

  // A page that the browser kept and shows again may be that of somebody who has left.
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
      const departures = tabs.departures()
      try {
        const held = await client.sdk.getTokenSilently({ cacheMode: 'cache-only' })
        // Of many questions that were refused the same token, the first fetches a new one for all.
        const token = held === undefined || held === refused ? await client.renew() : held
        if (token !== undefined && subjectOf(token) === subject && tabs.departures() === departures) return token
      } catch (error) {
        const ended = wantsPerson(error)
        if (!quietly) setProblem(ended ? 'ended' : 'provider-away')
        throw ended ? new SessionEnded() : new ProviderUnavailable()
      }
      // Somebody else is signed in by now, or nobody: nothing of theirs goes through what is this person's.
      if (tabs.departures() === departures) await getAccessTokenSilently().catch(() => undefined)
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
        // The SDK keeps its half of the sign-in in sessionStorage for a moment.
        const blocked = error instanceof DOMException && error.name === 'SecurityError'
        throw blocked ? new Error(explanations['cookies-blocked'].text) : error
      }
    },
    [client],
  )

  const signOut = useCallback(async () => {
    setProblem('none')
    tabs.tell('signed-out')
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
