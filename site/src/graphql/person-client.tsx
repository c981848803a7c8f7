import { Fragment, useEffect, useState, type ReactNode } from 'react'
import type { ApolloClient } from '@apollo/client'
import { ApolloProvider } from '@apollo/client/react'
import { useSession } from '../auth/session.tsx'
import { createApolloClient, type TokenSource } from './client.ts'

interface Held {
  readonly subject: string | null
  readonly client: ApolloClient
  /** Counts the people who have left: what a page remembers goes with them. */
  readonly departures: number
}

/** Gives each person an Apollo Client of their own, and starts the pages anew when somebody leaves. */
export function PersonClient({ children }: { children: ReactNode }) {
  const { person, getToken } = useSession()
  const subject = person?.subject ?? null
  const [held, hold] = useState<Held>(() => ({ subject, client: clientOf(subject, getToken), departures: 0 }))

  // While rendering: not one frame, and not one question, of the new person goes through the old client.
  let current = held
  if (held.subject !== subject) {
    const departures = held.departures + (held.subject === null ? 0 : 1)
    current = { subject, client: clientOf(subject, getToken), departures }
    hold(current)
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
      <Fragment key={current.departures}>{children}</Fragment>
    </ApolloProvider>
  )
}

/** With the tokens of this very person: what comes later through another's session does not go through this client. */
function clientOf(subject: string | null, getToken: TokenSource): ApolloClient {
  return createApolloClient(subject === null ? null : getToken)
}
