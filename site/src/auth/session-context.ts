import { createContext, use } from 'react'
import type { ReturnAddress } from './return-address.ts'

export interface Person {
  readonly subject: string
  readonly name: string
  readonly picture: string | null
}

/** A problem of the session that the reader is told of. */
export type SessionProblem =
  /** The provider did not answer. */
  | 'provider-away'
  /** The provider refused the silent sign-in. */
  | 'denied'
  /** The session has ended. The page keeps its content. */
  | 'ended'
  /** The reader is signed out here, but the provider could not be told. */
  | 'signed-out-here'

export interface Session {
  /** `pending` if it is not known yet, as in the static page. */
  readonly status: 'pending' | 'anonymous' | 'signed-in'
  readonly person: Person | null
  readonly problem: SessionProblem | null
  /** Redirects to the provider and back to this page. @throws Error with a message for the reader */
  readonly signIn: (options?: SignInOptions) => Promise<void>
  readonly signOut: () => Promise<void>
  /** Repeats the silent sign-in. @throws ProviderUnavailable */
  readonly retry: () => Promise<void>
  readonly dismiss: () => void
  /**
   * Returns the access token of this reader.
   *
   * @param refused a token that the API refused: a different one is wanted
   * @throws SessionEnded, ProviderUnavailable
   */
  readonly getToken: (refused?: string, options?: TokenOptions) => Promise<string>
}

export interface TokenOptions {
  /** Shows no notice if there is no token, because the reader did not ask for anything. */
  readonly quietly?: boolean
}

export interface SignInOptions {
  readonly back?: ReturnAddress
  readonly create?: boolean
  /** Lets the reader choose another account. */
  readonly another?: boolean
}

export const SessionContext = createContext<Session | null>(null)

export function useSession(): Session {
  const session = use(SessionContext)
  if (!session) throw new Error('useSession outside SessionProvider')
  return session
}
