import type { ReactNode } from 'react'
import { SessionProvider } from './auth/session.tsx'
import { Layout } from './components/layout/Layout.tsx'
import { PersonClient } from './graphql/person-client.tsx'

/** What is around every page, on the server and in the browser. */
export function Root({ children }: { children: ReactNode }) {
  return (
    <SessionProvider>
      <PersonClient>
        <Layout>{children}</Layout>
      </PersonClient>
    </SessionProvider>
  )
}
