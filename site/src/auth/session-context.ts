import { createContext, use } from 'react'
import type { ReturnAddress } from './return-address.ts'

export interface Person {
  readonly subject: string
  readonly name: string
  readonly picture: string | null
}

/** What a reader should be told about their session; null: nothing. */
export type SessionProblem =
  /** The provider did not answer when we asked who this is. */
  | 'provider-away'
  /** The provider said no when we asked who this is. */
  | 'denied'
  /** The session has to be renewed; what is on the page stays there. */
  | 'ended'
  /** Signed out here, and the provider could not be told. */
  | 'signed-out-here'

export interface Session {
  /** `pending`: not known yet, as in the static page. */
  readonly status: 'pending' | 'anonymous' | 'signed-in'
  readonly person: Person | null
  readonly problem: SessionProblem | null
  /** Leads to the provider, and back to where the reader is. @throws Error to be shown as it is */
  readonly signIn: (options?: SignInOptions) => Promise<void>
  readonly signOut: () => Promise<void>
  /** Asks the provider again, silently. @throws ProviderUnavailable */
  readonly retry: () => Promise<void>
  readonly dismiss: () => void
  /**
   * The access token of this very person.
   *
   * @param refused a token that the API did not take: another one is wanted
   * @throws SessionEnded, ProviderUnavailable
   */
  readonly getToken: (refused?: string, options?: TokenOptions) => Promise<string>
}

export interface TokenOptions {
  /** Nobody asked for anything: that there is none is not worth a word to the reader. */
  readonly quietly?: boolean
}

export interface SignInOptions {
  readonly back?: ReturnAddress
  readonly create?: boolean
  /** Lets one choose another account. */
  readonly another?: boolean
}

export const SessionContext = createContext<Session | null>(null)

export function useSession(): Session {
  const session = use(SessionContext)
  if (!session) throw new Error('useSession outside SessionProvider')
  return session
}
