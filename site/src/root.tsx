import type { ReactNode } from 'react'
import { SessionProvider } from './auth/session.tsx'
import { Layout } from './components/layout/Layout.tsx'
import { ArrivalProvider } from './graphql/arrival.tsx'
import { PersonClient } from './graphql/person-client.tsx'
import { ViewerChanges } from './graphql/viewer-changes.tsx'

/** What is around every page, on the server and in the browser. */
export function Root({ children }: { children: ReactNode }) {
  return (
    <SessionProvider>
      <PersonClient>
        <ViewerChanges>
          <ArrivalProvider>
            <Layout>{children}</Layout>
          </ArrivalProvider>
        </ViewerChanges>
      </PersonClient>
    </SessionProvider>
  )
}
