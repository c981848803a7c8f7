import { useEffect, useMemo, useState } from 'react'
import { useAuth0 } from '@auth0/auth0-react'
import { errorCode, wantsPerson } from './auth-client.ts'
import { explainCallback, explanations, type Explanation } from './explain-callback.ts'
import { isSilent, readReturnAddress } from './return-address.ts'
import { useSession } from './session-context.ts'
import { leaveCallback, onCallbackPage } from './session.tsx'

export interface CallbackOutcome extends Explanation {
  /** Path of the page where the sign-in began. */
  readonly back: string
}

/** How the sign-in that led here went. Null: it is under way, and the way back too where it went well. */
export function useCallbackOutcome(): CallbackOutcome | null {
  const { status } = useSession()
  const { isLoading: asking, isAuthenticated, error } = useAuth0()
  // Where nobody can sign in there is no SDK, and nothing under way.
  const isLoading = asking && status === 'pending'
  // As it was: the address is cleaned below.
  const [query] = useState(() => (typeof window === 'undefined' ? '' : window.location.search))
  const outcome = useMemo(
    () => (isLoading ? null : outcomeOf(new URLSearchParams(query), error)),
    [isLoading, query, error],
  )

  useEffect(() => {
    if (isLoading) return
    const appState = appStateOf(error)
    if (isSilentNo(error, appState)) leaveCallback(appState)
    // A code that was used, or an answer that was explained, is not left in the address.
    else if (outcome) window.history.replaceState(window.history.state, '', window.location.pathname)
    // It was explained, and then somebody signed in in another tab.
    else if (isAuthenticated && onCallbackPage() && window.location.search === '') leaveCallback(null)
  }, [isLoading, isAuthenticated, outcome, error])

  return outcome
}

function outcomeOf(query: URLSearchParams, error: Error | undefined): CallbackOutcome | null {
  const appState = appStateOf(error)
  // As the SDK sees it: without a state it is no answer to anything.
  const answered = query.has('state') && (query.has('code') || query.has('error'))
  // It came back well, or was a silent question: the way back is under way.
  if ((answered && !error) || isSilentNo(error, appState)) return null
  const kind = explainCallback({
    answered,
    code: errorCode(error) || (error && isNetworkFailure(error) ? 'request_error' : ''),
    description: error?.message ?? '',
    cookiesWork: navigator.cookieEnabled,
  })
  return { ...explanations[kind], back: readReturnAddress(appState, window.location.origin).to }
}

/** The silent question of a page that was loaded anew, answered with no: nobody is signed in, and nobody asked to be. */
const isSilentNo = (error: unknown, appState: unknown): boolean => wantsPerson(error) && isSilent(appState)

/** The provider could not be asked for the token. */
const isNetworkFailure = (error: Error): boolean =>
  error instanceof TypeError || /fetch|network|timeout/i.test(error.message)

/** The SDK hands it over with an answer of the provider's; without a sign-in that began here there is none. */
const appStateOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'appState' in error ? error.appState : null
