import { existsSync } from 'node:fs'
import path from 'node:path'
import { parseSettings, localClientId, type Settings } from '../server/src/env.ts'

/** What the scripts and the local doubles are told from outside. No other file of scripts/ reads the environment. */
export interface ScriptSettings {
  /** The project's folder. */
  readonly root: string
  /** Where the local database and the local signing keys live: `.data/`, or DATA_DIR. */
  readonly dataDir: string
  readonly production: boolean
  readonly apiPort: number
  readonly sitePort: number
  readonly identityPort: number
  readonly databasePort: number
  /** DATABASE_URL is empty: the local database serves. */
  readonly usesLocalDatabase: boolean
  /** AUTH0_DOMAIN and AUTH_ISSUER are empty: the local identity provider serves. */
  readonly usesLocalIdentity: boolean
  readonly clientId: string
  readonly audience: string
  /** The server's own settings, parsed by the server's own file. */
  readonly server: Settings
}

export const root = path.resolve(import.meta.dirname, '..')

/** The names that this file reads, for the check of `.env.example`. */
export const settingNames = [
  'DATA_DIR',
  'DATABASE_URL',
  'AUTH0_DOMAIN',
  'AUTH_ISSUER',
  'AUTH0_AUDIENCE',
  'AUTH0_CLIENT_ID',
  'IDENTITY_PORT',
  'DATABASE_PORT',
  'SITE_PORT',
]

/**
 * Reads `.env` in the project's folder and then the environment, which wins. With NO_DOTENV set the file is left alone: tests
 * never read it.
 *
 * @throws SettingsError naming every problem at once
 */
export function readScriptSettings(): ScriptSettings {
  const file = path.join(root, '.env')
  if (!process.env.NO_DOTENV && existsSync(file)) process.loadEnvFile(file)
  const environment = process.env
  const server = parseSettings(environment)
  return Object.freeze({
    root,
    dataDir: path.resolve(root, environment.DATA_DIR || '.data'),
    production: server.production,
    apiPort: server.port,
    sitePort: Number(environment.SITE_PORT || 8000),
    identityPort: Number(environment.IDENTITY_PORT || 4001),
    databasePort: Number(environment.DATABASE_PORT || 4003),
    usesLocalDatabase: !environment.DATABASE_URL,
    usesLocalIdentity: !environment.AUTH0_DOMAIN && !environment.AUTH_ISSUER,
    clientId: environment.AUTH0_CLIENT_ID || localClientId,
    audience: server.auth.audience,
    server,
  })
}
