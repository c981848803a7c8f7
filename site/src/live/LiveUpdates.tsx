import { createContext, use, useCallback, useEffect, useMemo, type ReactNode } from 'react'
import { useApiClient } from '../api/hooks.ts'
import { ViewerDocument } from '../api/operations.ts'
import { useSession } from '../auth/session.tsx'
import { createSeen } from './known-holdings.ts'
import { browserVisibility } from './page-visibility.ts'
import { recheck, refreshAfterChange } from './refresh.ts'
import { openViewerStream } from './viewer-stream.ts'
import { watchViewer } from './watch-viewer.ts'

/** What a page can do to learn of changes, or to tell of its own. */
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
 * Keeps the page of a signed-in reader at what they hold: it opens, and locks, in place. One connection for the page, while it is
 * looked at; none for anybody who is not signed in.
 */
export function LiveUpdates({ children }: { children: ReactNode }) {
  const client = useApiClient()
  const { status, getToken } = useSession()
  const signedIn = status === 'signed-in'
  const seen = useMemo(() => createSeen(client), [client])

  const check = useCallback(async () => {
    seen.begin()
    const { data } = await client.query({ query: ViewerDocument, fetchPolicy: 'network-only' })
    if (!data) return false
    const changed = seen.isNews(data.viewer)
    // What ends by mere time stands in no membership: the article is looked at as well.
    await (changed ? refreshAfterChange(client) : recheck(client, false))
    return changed
  }, [client, seen])

  useEffect(() => {
    if (!signedIn) return
    let again = false
    return watchViewer({
      connect: (handlers) => openViewerStream((refused) => getToken(refused, { quietly: true }), handlers),
      onHoldings(holdings, first) {
        // What comes later on a connection is told because something changed, be it nothing that is in here.
        const changed = seen.isNews(holdings) || !first
        void (changed ? refreshAfterChange(client) : recheck(client, again))
        again = true
      },
      ask: () => check().catch(() => false),
      visibility: browserVisibility,
    })
  }, [client, signedIn, getToken, check, seen])

  return <CheckContext value={check}>{children}</CheckContext>
}
