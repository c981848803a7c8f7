import type { ScriptSettings } from '../env.ts'
import { mintToken } from '../local/identity/mint-token.ts'
import { identitySettings } from '../local/identity/settings.ts'
import type { Caller } from './call.ts'

/** Creates tokens with the stored keys of the local identity provider. There are none for a real tenant. */
export function localTokens(settings: ScriptSettings): (caller: NonNullable<Caller>) => Promise<string | null> {
  const { folder, issuer, audience, clientId } = identitySettings(settings)
  return async (caller) => {
    if (!settings.usesLocalIdentity) return null
    const holder =
      typeof caller !== 'string'
        ? { as: 'reader', flaw: caller.flawed }
        : caller === 'program'
          ? { kind: 'program' as const }
          : { as: caller }
    const { tokenLifetimeSeconds: lifetimeSeconds } = identitySettings(settings)
    return mintToken({ folder, issuer, audience, clientId, lifetimeSeconds, ...holder })
  }
}
