import { createContext, use, useCallback, useEffect, useMemo, useState, type ReactNode } from 'react'
import { Auth0Provider, useAuth0, type AppState, type User } from '@auth0/auth0-react'
import { navigate } from 'gatsby'
import { clearAbandonedSignIn } from './abandoned-sign-in.ts'
import { callbackPath, createAuthClient, wantsPerson, type AuthClient } from './auth-client.ts'
import { explanations } from './explain-callback.ts'
import { providerAnswers } from './provider-answers.ts'
import { isSilent, presentAddress, readReturnAddress, type ReturnAddress } from './return-address.ts'
import { ProviderAway, SessionEnded } from './session-errors.ts'
import { openTabs } from './tabs.ts'
import { subjectOf } from './token-claims.ts'
import { useTopLevelRestore } from './top-level-restore.ts'

export interface Person {
  readonly subject: string
  readonly name: string
  readonly picture: string | null
}

/** What a reader should be told about their session; null: nothing. */
export type Trouble =
  /** The provider did not answer when we asked who this is. */
  | 'provider-away'
  /** The provider said no when we asked who this is. */
  | 'denied'
  /** The session has to be renewed; what is on the page stays there. */
  | 'ended'
  /** Signed out here, and the provider could not be told. */
  | 'signed-out-here'

export interface Session {
  /** `pending`: not known yet, as in the static page. */
  readonly status: 'pending' | 'anonymous' | 'signed-in'
  readonly person: Person | null
  readonly trouble: Trouble | null
  /** Leads to the provider, and back to where the reader is. @throws Error to be shown as it is */
  readonly signIn: (options?: SignInOptions) => Promise<void>
  readonly signOut: () => Promise<void>
  /** Asks the provider again, silently. @throws ProviderAway */
  readonly retry: () => Promise<void>
  readonly dismiss: () => void
  /**
   * The access token of this very person.
   *
   * @param refused a token that the API did not take: another one is wanted
   * @throws SessionEnded, ProviderAway
   */
  readonly getToken: (refused?: string, options?: TokenOptions) => Promise<string>
}

export interface TokenOptions {
  /** Nobody asked for anything: that there is none is not worth a word to the reader. */
  readonly quietly?: boolean
}

export interface SignInOptions {
  readonly back?: ReturnAddress
  readonly create?: boolean
  /** Lets one choose another account. */
  readonly another?: boolean
}

const SessionContext = createContext<Session | null>(null)

export function useSession(): Session {
  const session = use(SessionContext)
  if (!session) throw new Error('useSession outside SessionProvider')
  return session
}

export const onCallbackPage = (): boolean =>
  typeof window !== 'undefined' && window.location.pathname.startsWith(callbackPath)

const tabs = openTabs()

export function SessionProvider({ children }: { children: ReactNode }) {
  const [client] = useState(createAuthClient)
  return (
    <Auth0Provider client={client.sdk} skipRedirectCallback={!onCallbackPage()} onRedirectCallback={goBack}>
      <SessionOfClient client={client}>{children}</SessionOfClient>
    </Auth0Provider>
  )
}

function goBack(appState?: AppState): void {
  // The silent visit of a page that was loaded anew changes nothing for the other tabs.
  if (!isSilent(appState)) tabs.tell('signed-in')
  leaveCallback(appState)
}

/** From the callback page to where the sign-in began. */
export function leaveCallback(appState: unknown): void {
  const { to, place } = readReturnAddress(appState, window.location.origin)
  void navigate(to, { replace: true, state: { place } })
}

function SessionOfClient({ client, children }: { client: AuthClient; children: ReactNode }) {
  const { isLoading, user, logout, getAccessTokenSilently } = useAuth0()
  const [happened, setTrouble] = useState<Trouble | 'none' | null>(null)
  /** Somebody signed out in another tab while we were still asking who this is: the answer counts no more. */
  const [overtaken, setOvertaken] = useState(false)
  const restoring = useTopLevelRestore(client)
  const person = useMemo(() => (overtaken ? null : personOf(user)), [user, overtaken])
  // Until something happens that matters more: how the page began.
  const trouble = known(happened ?? (isLoading ? 'none' : troubleAtStart(client)))

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
        setTrouble('none')
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
        if (!quietly) setTrouble(ended ? 'ended' : 'provider-away')
        throw ended ? new SessionEnded() : new ProviderAway()
      }
      // Somebody else is signed in by now, or nobody: nothing of theirs goes through what is this person's.
      if (tabs.departures() === departures) await getAccessTokenSilently().catch(() => undefined)
      else await forget()
      throw new SessionEnded()
    },
    [client, subject, forget, getAccessTokenSilently],
  )

  const signIn = useCallback(
    async ({ back = presentAddress(), create = false, another = false }: SignInOptions = {}) => {
      if (!(await providerAnswers())) throw new ProviderAway()
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
    setTrouble('none')
    tabs.tell('signed-out')
    await forget()
    if (await providerAnswers()) await client.sdk.logout({ logoutParams: { returnTo: window.location.origin } })
    else setTrouble('signed-out-here')
  }, [client, forget])

  const retry = useCallback(async () => {
    try {
      await refresh()
      setTrouble('none')
    } catch (error) {
      if (!wantsPerson(error)) throw new ProviderAway()
      await signIn()
    }
  }, [refresh, signIn])

  const dismiss = useCallback(() => setTrouble('none'), [])

  const status = isLoading || restoring ? 'pending' : person ? 'signed-in' : 'anonymous'
  const session = useMemo(
    () => ({ status, person, trouble, signIn, signOut, retry, dismiss, getToken }) satisfies Session,
    [status, person, trouble, signIn, signOut, retry, dismiss, getToken],
  )
  return <SessionContext value={session}>{children}</SessionContext>
}

function troubleAtStart(client: AuthClient): Trouble | 'none' {
  const outcome = client.outcome()
  if (outcome === 'away') return 'provider-away'
  return outcome === 'denied' ? 'denied' : 'none'
}

const known = (trouble: Trouble | 'none'): Trouble | null => (trouble === 'none' ? null : trouble)

function personOf(user: User | undefined): Person | null {
  if (!user?.sub) return null
  return { subject: user.sub, name: user.name ?? user.nickname ?? 'Member', picture: user.picture ?? null }
}
