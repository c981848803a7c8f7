import { identityOrigin } from '../env.ts'

const patienceMilliseconds = 4_000

/**
 * Whether the identity provider can be reached. Asked before the reader is sent there: a browser that cannot reach it shows its
 * own error page, and the article is gone.
 */
export async function providerAnswers(): Promise<boolean> {
  try {
    await fetch(`${identityOrigin()}/.well-known/openid-configuration`, {
      // Its answer need not be readable from here; that there is one is enough.
      mode: 'no-cors',
      credentials: 'omit',
      cache: 'no-store',
      signal: AbortSignal.timeout(patienceMilliseconds),
    })
    return true
  } catch {
    return false
  }
}
