import { Fragment, useEffect, useState, type ReactNode } from 'react'
import type { ApolloClient } from '@apollo/client'
import { ApolloProvider } from '@apollo/client/react'
import { useSession } from '../auth/session.tsx'
import { createApolloClient, type TokenSource } from './client.ts'

interface ReaderClient {
  readonly subject: string | null
  readonly client: ApolloClient
  /** Whether the session was known. After that, another subject means another reader. */
  readonly settled: boolean
  /** Counts the changes of readers. Each resets the state of the page. */
  readonly changes: number
}

/** Gives each reader an Apollo Client of their own, and remounts the page when the reader changes. */
export function ApiProvider({ children }: { children: ReactNode }) {
  const { status, person, getToken } = useSession()
  const subject = person?.subject ?? null
  const settled = status !== 'pending'
  const [held, setHeld] = useState<ReaderClient>(() => ({
    subject,
    client: clientOf(subject, getToken),
    settled,
    changes: 0,
  }))

  // State is set while rendering, so that no frame and no query of the new reader uses the old client.
  let current = held
  if (held.subject !== subject) {
    const changes = held.settled || held.subject !== null ? held.changes + 1 : held.changes
    current = { subject, client: clientOf(subject, getToken), settled, changes }
    setHeld(current)
  } else if (settled && !held.settled) {
    current = { ...held, settled }
    setHeld(current)
  }

  const { client } = current
  useEffect(
    () => () => {
      client.stop()
      void client.clearStore()
    },
    [client],
  )

  return (
    <ApolloProvider client={client}>
      <Fragment key={current.changes}>{children}</Fragment>
    </ApolloProvider>
  )
}

/** Creates a client with the tokens of this reader only. */
function clientOf(subject: string | null, getToken: TokenSource): ApolloClient {
  return createApolloClient(subject === null ? null : getToken)
}
