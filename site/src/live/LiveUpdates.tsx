import { createContext, use, useCallback, useEffect, useMemo, type ReactNode } from 'react'
import { useApiClient } from '../api/hooks.ts'
import { ViewerDocument } from '../api/operations.ts'
import { useSession } from '../auth/session.tsx'
import { rememberHoldings } from './known-holdings.ts'
import { browserVisibility } from './page-visibility.ts'
import { checkForMissedChange, refreshAfterChange } from './refresh.ts'
import { openViewerStream } from './viewer-stream.ts'
import { watchViewer } from './watch-viewer.ts'

/** Functions with which a page checks for changes or reports its own. */
export interface Live {
  /** Asks the API now what the reader holds, and refreshes the page if it has changed. Returns whether it has. */
  readonly check: () => Promise<boolean>
  /** Refreshes the page after a change that it made itself. */
  readonly changed: () => Promise<void>
}

const CheckContext = createContext<Live['check']>(() => Promise.resolve(false))

export function useLive(): Live {
  const client = useApiClient()
  const check = use(CheckContext)
  return useMemo(() => ({ check, changed: () => refreshAfterChange(client) }), [client, check])
}

/**
 * Keeps the page of a signed-in reader up to date with their holdings: articles open and lock in place. A page has one connection while it
 * is visible, and none for an anonymous reader.
 */
export function LiveUpdates({ children }: { children: ReactNode }) {
  const client = useApiClient()
  const { status, getToken } = useSession()
  const signedIn = status === 'signed-in'
  const known = useMemo(() => rememberHoldings(client), [client])

  const check = useCallback(async () => {
    known.begin()
    const { data } = await client.query({ query: ViewerDocument, fetchPolicy: 'network-only' })
    if (!data) return false
    const changed = known.isNews(data.viewer)
    // Access that ends with time changes no membership, so the article is checked as well.
    await (changed ? refreshAfterChange(client) : checkForMissedChange(client, false))
    return changed
  }, [client, known])

  useEffect(() => {
    if (!signedIn) return
    let again = false
    return watchViewer({
      connect: (handlers) => openViewerStream((refused) => getToken(refused, { quietly: true }), handlers),
      onHoldings(holdings, first) {
        // Every event after the first of a connection means a change, even if the holdings are the same.
        const changed = known.isNews(holdings) || !first
        void (changed ? refreshAfterChange(client) : checkForMissedChange(client, again))
        again = true
      },
      poll: () => check().catch(() => false),
      visibility: browserVisibility,
    })
  }, [client, signedIn, getToken, check, known])

  return <CheckContext value={check}>{children}</CheckContext>
}
