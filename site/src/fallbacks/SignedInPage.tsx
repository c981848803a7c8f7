import type { ReactNode } from 'react'
import { useSession } from '../auth/session.tsx'
import { useViewer, type ViewerAnswer } from '../membership/use-viewer.ts'
import { Button } from '../ui/controls/Button.tsx'
import { Card } from '../ui/layout/Card.tsx'
import { Page } from '../ui/layout/Page.tsx'
import { LoadProblem } from './LoadProblem.tsx'

export type KnownViewer = NonNullable<ViewerAnswer['viewer']>

interface SignedInPageProps {
  readonly title: string
  readonly lead?: string
  /** Shown to an anonymous reader. */
  readonly why: string
  readonly children: (viewer: KnownViewer) => ReactNode
}

/** A page for signed-in readers. It asks an anonymous reader to sign in. */
export function SignedInPage({ title, lead, why, children }: SignedInPageProps) {
  const { status, signIn, signOut } = useSession()
  const { viewer, loading, problem, refetch } = useViewer({ fresh: true })
  return (
    <Page narrow title={title} lead={lead}>
      {status === 'pending' || (loading && !viewer) ? (
        <p role="status">
          <span className="needs-script">One moment …</span>
          <noscript>This page needs JavaScript. Turn it on for this site.</noscript>
        </p>
      ) : status === 'anonymous' ? (
        <Card label="Sign in first">
          <h2>Sign in first</h2>
          <p>{why}</p>
          <div>
            <Button look="main" onPress={() => signIn()}>
              Sign in
            </Button>
          </div>
        </Card>
      ) : viewer ? (
        children(viewer)
      ) : problem === 'disabled' ? (
        <Card label="Disabled" alert>
          <h2>This account is disabled</h2>
          <p>The publisher has disabled it. Contact the publisher.</p>
          <div>
            <Button onPress={signOut}>Sign out</Button>
          </div>
        </Card>
      ) : (
        <LoadProblem cause={problem ?? 'api'} what="This page" onRetry={refetch} />
      )}
    </Page>
  )
}
