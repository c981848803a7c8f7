import type { ScriptSettings } from '../env.ts'
import { identitySettings } from '../local/identity/settings.ts'

/** Uses the running identity provider, or starts one, because the server needs its keys. @returns a function that stops it */
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
