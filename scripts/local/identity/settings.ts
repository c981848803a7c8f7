import path from 'node:path'
import type { ScriptSettings } from '../../env.ts'

/** Auth0's default for an API's access tokens: a day. */
const auth0TokenLifetimeSeconds = 86_400

export interface IdentitySettings {
  readonly port: number
  /** With its final slash, as in Auth0's tokens. */
  readonly issuer: string
  readonly audience: string
  /** The site's client. */
  readonly clientId: string
  /** Where the site is served: one signs in from there and is sent back there, nowhere else. */
  readonly siteOrigins: readonly string[]
  /** Holds the keys and the sessions; readable by its owner alone. */
  readonly folder: string
  readonly tokenLifetimeSeconds: number
}

/** What the local identity provider takes from the settings of the scripts. */
export function identitySettings(settings: ScriptSettings): IdentitySettings {
  return {
    port: settings.identityPort,
    issuer: `http://localhost:${settings.identityPort}/`,
    audience: settings.audience,
    clientId: settings.clientId,
    // The site's own address is the first that the API answers.
    siteOrigins: [...new Set([`http://localhost:${settings.sitePort}`, ...settings.server.corsOrigins])],
    folder: path.join(settings.dataDir, 'identity'),
    // A server told to believe shorter tokens only must still believe ours.
    tokenLifetimeSeconds: Math.min(auth0TokenLifetimeSeconds, settings.server.auth.tokenMaxLifetimeSeconds),
  }
}
