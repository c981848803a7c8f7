import { useEffect, useRef, useState } from 'react'
import { useAuth0 } from '@auth0/auth0-react'
import { callbackPath, type AuthClient } from './auth-client.ts'
import { currentAddress, silently } from './return-address.ts'

/**
 * Restores the session by a redirect to the provider with `prompt=none`, if the browser withholds the provider's cookie from the silent
 * frame. It happens once: the SDK's mark is removed before, so a page that returns as anonymous does not redirect again.
 *
 * @returns whether a redirect is wanted or under way
 */
export function useTopLevelRestore(client: AuthClient): boolean {
  const { isLoading, isAuthenticated } = useAuth0()
  const started = useRef(false)
  const [isOver, setOver] = useState(false)
  const here = typeof window !== 'undefined' && !window.location.pathname.startsWith(callbackPath)
  const wanted = here && !isLoading && !isAuthenticated && client.outcome() === 'refused' && !isOver

  useEffect(() => {
    if (!wanted || started.current) return
    started.current = true
    client.sdk
      .loginWithRedirect({
        appState: silently(currentAddress()),
        authorizationParams: { prompt: 'none' },
        // Replaces this page in the history, so that the back button does not repeat the redirect.
        openUrl: (url) => window.location.replace(url),
      })
      .catch(() => setOver(true))
  }, [wanted, client])

  useEffect(() => {
    // The page is back from the back/forward cache: the redirect is over.
    const onShow = ({ persisted }: PageTransitionEvent) => {
      if (persisted && started.current) setOver(true)
    }
    window.addEventListener('pageshow', onShow)
    return () => window.removeEventListener('pageshow', onShow)
  }, [])

  return wanted
}
