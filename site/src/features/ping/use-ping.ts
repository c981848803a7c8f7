import { codeOf } from '../../api/errors.ts'
import { useApiClient } from '../../api/hooks.ts'
import { PingDocument, type PingQuery } from '../../api/operations.ts'
import { useSession } from '../../auth/session.tsx'
import { decodeUnverified, type Claims } from '../../auth/token-claims.ts'

export interface PingAnswer {
  readonly data: PingQuery
  /** The claims of the token that was used. The token itself stays in the session. */
  readonly claims: Claims
}

/** Returns a function that calls `ping` with the reader's token. It throws an Error with a message for the reader. */
export function usePing(): () => Promise<PingAnswer> {
  const client = useApiClient()
  const { getToken } = useSession()
  return async () => {
    const { data, error } = await client.query({ query: PingDocument, fetchPolicy: 'no-cache' })
    if (error) {
      const code = codeOf(error)
      throw new Error(
        code === 'NO_ANSWER' ? 'The API is not responding.' : `The API answered ${code}: ${error.message}`,
      )
    }
    return { data: data ?? { ping: null }, claims: decodeUnverified(await getToken()) }
  }
}
