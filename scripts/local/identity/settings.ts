import path from 'node:path'
import type { ScriptSettings } from '../../env.ts'

/** Auth0's default lifetime of access tokens: a day. */
const auth0TokenLifetimeSeconds = 86_400

export interface IdentitySettings {
  readonly port: number
  /** With a final slash, as in Auth0's tokens. */
  readonly issuer: string
  readonly audience: string
  /** The client id of the site. */
  readonly clientId: string
  /** The origins of the site. A sign-in redirects to these only. */
  readonly siteOrigins: readonly string[]
  /** The folder of the keys and the sessions, readable by its owner only. */
  readonly folder: string
  readonly tokenLifetimeSeconds: number
}

/** Returns the settings of the local identity provider. */
export function identitySettings(settings: ScriptSettings): IdentitySettings {
  return {
    port: settings.identityPort,
    issuer: `http://localhost:${settings.identityPort}/`,
    audience: settings.audience,
    clientId: settings.clientId,
    siteOrigins: [...new Set([`http://localhost:${settings.sitePort}`, ...settings.server.corsOrigins])],
    folder: path.join(settings.dataDir, 'identity'),
    // The server must accept these tokens even if its maximum lifetime is shorter than Auth0's default.
    tokenLifetimeSeconds: Math.min(auth0TokenLifetimeSeconds, settings.server.auth.tokenMaxLifetimeSeconds),
  }
}
