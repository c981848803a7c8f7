import type { IncomingMessage, ServerResponse } from 'node:http'
import type Provider from 'oidc-provider'

type Exchange = readonly [request: IncomingMessage, response: ServerResponse]

/** Ends the browser's session and removes its grants. */
export async function endSession(provider: Provider, ...[request, response]: Exchange): Promise<void> {
  const context = provider.createContext(request, response)
  const session = await provider.Session.get(context)
  await endGrants(provider, session.authorizations)
  await session.destroy()
  context.cookies.set(provider.cookieName('session'), null, { httpOnly: true, sameSite: 'lax', signed: true })
}

/**
 * Removes another account from the browser's session before `subject` signs in. oidc-provider would use a page with a script for it.
 * The session itself remains, because the current sign-in belongs to it.
 */
export async function removeOtherAccount(
  subject: string,
  provider: Provider,
  ...[request, response]: Exchange
): Promise<void> {
  const session = await provider.Session.get(provider.createContext(request, response))
  if (session.accountId === undefined || session.accountId === subject) return
  await endGrants(provider, session.authorizations)
  session.accountId = undefined
  session.authorizations = {}
  await session.persist()
}

async function endGrants(provider: Provider, authorizations: Record<string, { grantId?: string }> = {}): Promise<void> {
  for (const { grantId } of Object.values(authorizations)) {
    const grant = grantId ? await provider.Grant.find(grantId) : undefined
    await grant?.destroy()
  }
}
