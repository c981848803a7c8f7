import { createContext, use, useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { Auth0Provider, useAuth0, type AppState, type User } from '@auth0/auth0-react'
import { navigate } from 'gatsby'
import { callbackPath, createAuthClient, wantsPerson, type AuthClient } from './auth-client.ts'
import { providerAnswers } from './provider-answers.ts'
import { presentAddress, readReturnAddress, type ReturnAddress } from './return-address.ts'
import { ProviderAway, SessionEnded } from './session-errors.ts'
import { openTabs } from './tabs.ts'
import { clearAbandonedSignIn } from './abandoned-sign-in.ts'
import { subjectOf } from './token-claims.ts'

export interface Person {
  readonly subject: string
  readonly name: string
  readonly picture: string | null
}

/** What a reader should be told about their session; null: nothing. */
export type Trouble =
  /** The provider did not answer when we asked who this is. */
  | 'provider-away'
  /** The session is over; what is on the page stays there. */
  | 'ended'
  /** Signed out here, and the provider could not be told. */
  | 'signed-out-here'

export interface Session {
  /** `pending`: not known yet, as in the static page. */
  readonly status: 'pending' | 'anonymous' | 'signed-in'
  readonly person: Person | null
  readonly trouble: Trouble | null
  /** Leads to the provider, and back to where the reader is. @throws ProviderAway */
  readonly signIn: (options?: SignInOptions) => Promise<void>
  readonly signOut: () => Promise<void>
  /** Asks the provider again, silently. */
  readonly retry: () => Promise<void>
  readonly dismiss: () => void
  /**
   * The access token of this very person.
   *
   * @param refused a token that the API did not take: another one is wanted
   * @throws SessionEnded, ProviderAway
   */
  readonly getToken: (refused?: string) => Promise<string>
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

const onCallbackPage = (): boolean => typeof window !== 'undefined' && window.location.pathname.startsWith(callbackPath)

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
  tabs.tell('signed-in')
  leaveCallback(appState)
}

/** From the callback page to where the sign-in began. */
export function leaveCallback(appState: unknown): void {
  const { to, place } = readReturnAddress(appState, window.location.origin)
  void navigate(to, { replace: true, state: { place } })
}

function SessionOfClient({ client, children }: { client: AuthClient; children: ReactNode }) {
  const auth0 = useAuth0()
  const { isLoading, user, logout, getAccessTokenSilently } = auth0
  const [happened, setTrouble] = useState<Trouble | 'none' | null>(null)
  const restoring = useTopLevelRestore(client, auth0)
  const person = useMemo(() => personOf(user), [user])

  useEffect(() => {
    if (!onCallbackPage()) clearAbandonedSignIn()
  }, [])

  // Until something happens that matters more: how the page began.
  const begun = !isLoading && client.outcome() === 'away' ? 'provider-away' : 'none'
  const trouble = known(happened ?? begun)

  const forget = useCallback(() => logout({ openUrl: false }), [logout])

  useEffect(
    () =>
      tabs.listen((word) => {
        setTrouble('none')
        if (word === 'signed-out') void forget()
        else void getAccessTokenSilently({ cacheMode: 'off' }).catch(() => undefined)
      }),
    [forget, getAccessTokenSilently],
  )

  // A page that the browser kept and shows again may be that of somebody who has left.
  useEffect(() => {
    const onShow = ({ persisted }: PageTransitionEvent) => {
      if (!persisted) return
      clearAbandonedSignIn()
      if (!client.hasMark()) void forget()
    }
    window.addEventListener('pageshow', onShow)
    return () => window.removeEventListener('pageshow', onShow)
  }, [client, forget])

  const subject = person?.subject
  const getToken = useCallback(
    async (refused?: string) => {
      try {
        const held = await client.sdk.getTokenSilently()
        // Of many questions that were refused the same token, the first fetches a new one for all.
        const token = held === refused ? await client.sdk.getTokenSilently({ cacheMode: 'off' }) : held
        if (token !== undefined && subjectOf(token) === subject) return token
      } catch (error) {
        const ended = wantsPerson(error)
        setTrouble(ended ? 'ended' : 'provider-away')
        throw ended ? new SessionEnded() : new ProviderAway()
      }
      // Somebody else is signed in by now: nothing of theirs goes through what is this person's.
      await getAccessTokenSilently().catch(() => undefined)
      throw new SessionEnded()
    },
    [client, subject, getAccessTokenSilently],
  )

  const signIn = useCallback(
    async ({ back = presentAddress(), create = false, another = false }: SignInOptions = {}) => {
      if (!(await providerAnswers())) throw new ProviderAway()
      await client.sdk.loginWithRedirect({
        appState: back,
        authorizationParams: { ...(create && { screen_hint: 'signup' }), ...(another && { prompt: 'login' as const }) },
      })
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
      await getAccessTokenSilently({ cacheMode: 'off' })
      setTrouble('none')
    } catch (error) {
      if (wantsPerson(error)) await signIn()
    }
  }, [getAccessTokenSilently, signIn])

  const dismiss = useCallback(() => setTrouble('none'), [])

  const status = isLoading || restoring ? 'pending' : person ? 'signed-in' : 'anonymous'
  const session = useMemo(
    () => ({ status, person, trouble, signIn, signOut, retry, dismiss, getToken }) satisfies Session,
    [status, person, trouble, signIn, signOut, retry, dismiss, getToken],
  )
  return <SessionContext value={session}>{children}</SessionContext>
}

/**
 * Where the browser keeps the silent frame from knowing the reader, a visit to the provider itself, without a word, stands in:
 * once. The SDK's mark is gone by then, so a page that comes back from it as anonymous does not go again.
 */
function useTopLevelRestore(client: AuthClient, { isLoading, isAuthenticated }: ReturnType<typeof useAuth0>): boolean {
  const begun = useRef(false)
  const [gaveUp, giveUp] = useState(false)
  const wanted = !isLoading && !isAuthenticated && client.outcome() === 'refused' && !gaveUp && !onCallbackPage()
  useEffect(() => {
    if (!wanted || begun.current) return
    begun.current = true
    client.sdk
      .loginWithRedirect({ appState: presentAddress(), authorizationParams: { prompt: 'none' } })
      .catch(() => giveUp(true))
  }, [wanted, client])
  return wanted
}

const known = (trouble: Trouble | 'none'): Trouble | null => (trouble === 'none' ? null : trouble)

function personOf(user: User | undefined): Person | null {
  if (!user?.sub) return null
  return { subject: user.sub, name: user.name ?? user.nickname ?? 'Member', picture: user.picture ?? null }
}
