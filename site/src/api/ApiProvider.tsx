import { Fragment, useEffect, useState, type ReactNode } from 'react'
import type { ApolloClient } from '@apollo/client'
import { ApolloProvider } from '@apollo/client/react'
import { useSession } from '../auth/session.tsx'
import { createApolloClient, type TokenSource } from './client.ts'

interface Held {
  readonly subject: string | null
  readonly client: ApolloClient
  /** It was known who this is, if anybody: from then on another is a change of persons. */
  readonly settled: boolean
  /** Counts these changes: what a page remembers goes with each. */
  readonly changes: number
}

/** Gives each person an Apollo Client of their own, and starts the pages anew when one follows another. */
export function ApiProvider({ children }: { children: ReactNode }) {
  const { status, person, getToken } = useSession()
  const subject = person?.subject ?? null
  const settled = status !== 'pending'
  const [held, hold] = useState<Held>(() => ({ subject, client: clientOf(subject, getToken), settled, changes: 0 }))

  // While rendering: not one frame, and not one question, of the new person goes through the old client.
  let current = held
  if (held.subject !== subject) {
    const changes = held.settled || held.subject !== null ? held.changes + 1 : held.changes
    current = { subject, client: clientOf(subject, getToken), settled, changes }
    hold(current)
  } else if (settled && !held.settled) {
    current = { ...held, settled }
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
      <Fragment key={current.changes}>{children}</Fragment>
    </ApolloProvider>
  )
}

/** With the tokens of this very person: what comes later through another's session does not go through this client. */
function clientOf(subject: string | null, getToken: TokenSource): ApolloClient {
  return createApolloClient(subject === null ? null : getToken)
}
