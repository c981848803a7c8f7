import { useMemo, type ReactNode } from 'react'
import { useHydrated } from '../ui/use-hydrated.ts'
import { SessionContext, type Session } from './session-context.ts'
import { SignInImpossible } from './session-errors.ts'

const done = () => Promise.resolve()
const refuse = () => Promise.reject(new SignInImpossible(window.isSecureContext))

/** The session of a page in which nobody can sign in. Everything free works. Each button that signs in shows the reason. */
export function NoSignInSession({ children }: { readonly children: ReactNode }) {
  const hydrated = useHydrated()
  const session = useMemo(
    (): Session => ({
      // The first render must equal the static page.
      status: hydrated ? 'anonymous' : 'pending',
      person: null,
      problem: null,
      signIn: refuse,
      signOut: done,
      retry: refuse,
      dismiss: () => undefined,
      getToken: refuse,
    }),
    [hydrated],
  )
  return <SessionContext value={session}>{children}</SessionContext>
}
