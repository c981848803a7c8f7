import { useEffect, useRef, useState } from 'react'
import { useAuth0 } from '@auth0/auth0-react'
import { callbackPath, type AuthClient } from './auth-client.ts'
import { currentAddress, silently } from './return-address.ts'

/**
 * Where the browser keeps the silent frame from knowing the reader, a visit to the provider itself, without a word, stands in:
 * once. The SDK's mark is gone by then, so a page that comes back from it as anonymous does not go again.
 *
 * @returns whether the page is about to leave, or was when it was last seen
 */
export function useTopLevelRestore(client: AuthClient): boolean {
  const { isLoading, isAuthenticated } = useAuth0()
  const started = useRef(false)
  const [gaveUp, giveUp] = useState(false)
  const here = typeof window !== 'undefined' && !window.location.pathname.startsWith(callbackPath)
  const wanted = here && !isLoading && !isAuthenticated && client.outcome() === 'refused' && !gaveUp

  useEffect(() => {
    if (!wanted || started.current) return
    started.current = true
    client.sdk
      .loginWithRedirect({
        appState: silently(currentAddress()),
        authorizationParams: { prompt: 'none' },
        // In the place of this page: the back button must not lead to the visit again.
        openUrl: (url) => window.location.replace(url),
      })
      .catch(() => giveUp(true))
  }, [wanted, client])

  useEffect(() => {
    // Kept by the browser and shown again, the visit is behind us.
    const onShow = ({ persisted }: PageTransitionEvent) => {
      if (persisted && started.current) giveUp(true)
    }
    window.addEventListener('pageshow', onShow)
    return () => window.removeEventListener('pageshow', onShow)
  }, [])

  return wanted
}
