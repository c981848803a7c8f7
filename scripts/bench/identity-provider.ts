import type { ScriptSettings } from '../env.ts'
import { identitySettings } from '../local/identity/settings.ts'

/** The one that runs, or one of our own for as long as this takes: the server needs its keys. */
export async function identityProvider(settings: ScriptSettings): Promise<() => Promise<void>> {
  const { issuer } = settings.server.auth
  const running = await fetch(new URL('.well-known/openid-configuration', issuer)).then(
    ({ ok }) => ok,
    () => false,
  )
  if (running) return async () => undefined
  const { startIdentityServer } = await import('../local/identity/server.ts')
  const server = await startIdentityServer(identitySettings(settings))
  return () => server.close()
}
