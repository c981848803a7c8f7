import type { IncomingMessage, ServerResponse } from 'node:http'
import type Provider from 'oidc-provider'
import { localProgram } from './clients.ts'
import { addressOf, HttpError } from '../shared/http.ts'
import { endSession } from './session.ts'
import type { IdentitySettings } from './settings.ts'

/**
 * Auth0's own sign-out, `/v2/logout?client_id=…&returnTo=…`: ends the browser's session and leads back to the site.
 *
 * Without `returnTo` it leads to the site's front page. A `returnTo` on any other origin is refused before the session ends: an
 * open redirect would lend a stranger's page our good name.
 *
 * @see https://auth0.com/docs/api/authentication/logout/auth-0-logout
 */
export async function handleSignOut(
  { provider, settings }: { provider: Provider; settings: IdentitySettings },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { searchParams } = addressOf(request, settings.issuer)
  const clientId = searchParams.get('client_id')
  if (clientId !== null && clientId !== settings.clientId && clientId !== localProgram.clientId) {
    throw new HttpError(400, 'No application has this client_id.')
  }
  const target = allowedTarget(searchParams.get('returnTo'), settings.siteOrigins)

  await endSession(provider, request, response)
  response.writeHead(302, { location: target, 'cache-control': 'no-store' })
  response.end()
}

function allowedTarget(returnTo: string | null, siteOrigins: readonly string[]): string {
  const wanted = returnTo ?? `${siteOrigins[0]}/`
  if (URL.canParse(wanted)) {
    const { origin, href, username, password } = new URL(wanted)
    if (siteOrigins.includes(origin) && username === '' && password === '') return href
  }
  throw new HttpError(400, 'returnTo is not an address of the site.')
}
