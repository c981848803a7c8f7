import { useEffect, useMemo, useState } from 'react'
import { useAuth0 } from '@auth0/auth0-react'
import { errorCode, wantsPerson } from './auth-client.ts'
import { explainCallback, explanations, type Explanation } from './explain-callback.ts'
import { isSilent, readReturnAddress } from './return-address.ts'
import { useSession } from './session-context.ts'
import { leaveCallback, onCallbackPage } from './session.tsx'

interface CallbackOutcome extends Explanation {
  /** Path of the page where the sign-in began. */
  readonly back: string
}

/** Returns the outcome of the sign-in that led here; null while the sign-in or the navigation back is under way. */
export function useCallbackOutcome(): CallbackOutcome | null {
  const { status } = useSession()
  const { isLoading: asking, isAuthenticated, error } = useAuth0()
  // Without the SDK nothing is under way.
  const isLoading = asking && status === 'pending'
  // Kept, because the address is cleaned below.
  const [query] = useState(() => (typeof window === 'undefined' ? '' : window.location.search))
  const outcome = useMemo(
    () => (isLoading ? null : outcomeOf(new URLSearchParams(query), error)),
    [isLoading, query, error],
  )

  useEffect(() => {
    if (isLoading) return
    const appState = appStateOf(error)
    if (isSilentNo(error, appState)) leaveCallback(appState)
    // Neither a used code nor an explained answer stays in the address.
    else if (outcome) window.history.replaceState(window.history.state, '', window.location.pathname)
    // The answer was explained, and then somebody signed in in another tab.
    else if (isAuthenticated && onCallbackPage() && window.location.search === '') leaveCallback(null)
  }, [isLoading, isAuthenticated, outcome, error])

  return outcome
}

function outcomeOf(query: URLSearchParams, error: Error | undefined): CallbackOutcome | null {
  const appState = appStateOf(error)
  // As in the SDK, an answer needs a state.
  const answered = query.has('state') && (query.has('code') || query.has('error'))
  // The sign-in succeeded, or was silent: the navigation back is under way.
  if ((answered && !error) || isSilentNo(error, appState)) return null
  const kind = explainCallback({
    answered,
    code: errorCode(error) || (error && isNetworkFailure(error) ? 'request_error' : ''),
    description: error?.message ?? '',
    cookiesWork: navigator.cookieEnabled,
  })
  return { ...explanations[kind], back: readReturnAddress(appState, window.location.origin).to }
}

/** Returns whether a silent sign-in was refused. The reader did not ask for it, so there is nothing to explain. */
const isSilentNo = (error: unknown, appState: unknown): boolean => wantsPerson(error) && isSilent(appState)

/** Returns whether the exchange of the code failed at the network. */
const isNetworkFailure = (error: Error): boolean =>
  error instanceof TypeError || /fetch|network|timeout/i.test(error.message)

/** Returns the application state that the SDK attaches to an error; null without a sign-in that began here. */
const appStateOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'appState' in error ? error.appState : null
