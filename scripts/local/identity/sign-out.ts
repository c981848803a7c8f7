import type { FastifyReply, FastifyRequest } from 'fastify'
import type Provider from 'oidc-provider'
import { localProgram } from './oidc/clients.ts'
import { HttpError } from '../shared/local-app.ts'
import { endSession } from './oidc/session.ts'
import type { IdentitySettings } from './settings.ts'

/**
 * Answers Auth0's sign-out, `/v2/logout?client_id=…&returnTo=…`: ends the browser's session and redirects to the site.
 *
 * Without `returnTo` it redirects to the front page. A `returnTo` on any other origin is refused before the session ends, because an
 * open redirect helps phishing.
 *
 * @see https://auth0.com/docs/api/authentication/logout/auth-0-logout
 */
export async function signOut(
  { provider, settings }: { provider: Provider; settings: IdentitySettings },
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { searchParams } = new URL(request.url, settings.issuer)
  const clientId = searchParams.get('client_id')
  if (clientId !== null && clientId !== settings.clientId && clientId !== localProgram.clientId) {
    throw new HttpError(400, 'No application has this client_id.')
  }
  const target = allowedTarget(searchParams.get('returnTo'), settings.siteOrigins)

  await endSession(provider, request.raw, reply.raw)
  return reply.header('cache-control', 'no-store').redirect(target, 302)
}

function allowedTarget(returnTo: string | null, siteOrigins: readonly string[]): string {
  const wanted = returnTo ?? `${siteOrigins[0]}/`
  if (URL.canParse(wanted)) {
    const { origin, href, username, password } = new URL(wanted)
    if (siteOrigins.includes(origin) && username === '' && password === '') return href
  }
  throw new HttpError(400, 'returnTo is not an address of the site.')
}
