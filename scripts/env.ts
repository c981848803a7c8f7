import { existsSync } from 'node:fs'
import path from 'node:path'
import { publishingProblems, publishingSettingNames, readPublishingSettings } from './publish/settings.ts'
import type { PublishingDefaults } from '../server/src/content/publishing/index.ts'
import { localClientId, localPorts } from '../server/src/local/defaults.ts'
import { parseSettings, SettingsError, type Settings } from '../server/src/env.ts'

/** The settings of the scripts and the local doubles. No other file of scripts/ reads the environment. */
export interface ScriptSettings {
  /** The project's folder. */
  readonly root: string
  /** The folder of the local database and the local signing keys: `.data/`, or DATA_DIR. */
  readonly dataDir: string
  readonly production: boolean
  readonly apiPort: number
  readonly sitePort: number
  readonly identityPort: number
  readonly paymentsPort: number
  readonly databasePort: number
  /** Whether the local database is used, because DATABASE_URL is empty. */
  readonly usesLocalDatabase: boolean
  /** Whether the local identity provider is used, because AUTH0_DOMAIN and AUTH_ISSUER are empty. */
  readonly usesLocalIdentity: boolean
  /** Whether the local payment provider is used, because STRIPE_SECRET_KEY and STRIPE_API_BASE are empty. */
  readonly usesLocalPayments: boolean
  readonly clientId: string
  readonly audience: string
  readonly site: SiteSettings
  /** Defaults for articles whose files do not set a value. */
  readonly publishing: PublishingDefaults
  /** The server's settings, parsed by server/src/env.ts. */
  readonly server: Settings
}

/** The settings of the site's build: see site/src/env.ts. */
export interface SiteSettings {
  /** The folder of the build: `site/`, or for another DATA_DIR a copy in it, because the pages contain addresses. */
  readonly folder: string
  /** Whether the site uses the API on this machine, because GATSBY_API_URL is empty. The build starts it if it does not run. */
  readonly usesLocalApi: boolean
  /** Gatsby's environment. No value is secret. */
  readonly environment: Readonly<Record<(typeof siteNames)[number], string>>
}

export const root = path.resolve(import.meta.dirname, '..')

const siteNames = [
  'GATSBY_API_URL',
  'GATSBY_AUTH0_DOMAIN',
  'GATSBY_AUTH0_CLIENT_ID',
  'GATSBY_AUTH0_AUDIENCE',
  'GATSBY_SITE_URL',
  'GATSBY_IMAGE_HOSTS',
] as const

/** The settings that this file reads, for the check of `.env.example`. */
export const settingNames = [
  'DATA_DIR',
  'DATABASE_URL',
  'AUTH0_DOMAIN',
  'AUTH_ISSUER',
  'AUTH0_AUDIENCE',
  'AUTH0_CLIENT_ID',
  'IDENTITY_PORT',
  'PAYMENTS_PORT',
  'STRIPE_SECRET_KEY',
  'STRIPE_API_BASE',
  'DATABASE_PORT',
  'SITE_PORT',
  ...siteNames,
  ...publishingSettingNames,
  'CHROMIUM_PATH',
]

/**
 * Reads `.env` in the project's folder and the environment, which has precedence. With NO_DOTENV the file is not read. Tests set
 * never read it.
 *
 * @throws SettingsError that lists all problems
 */
export function readScriptSettings(): ScriptSettings {
  loadDotenv()
  const environment = process.env
  const server = parsedTogether(environment)
  const dataDir = path.resolve(root, environment.DATA_DIR || '.data')
  return Object.freeze({
    root,
    dataDir,
    production: server.production,
    apiPort: server.port,
    sitePort: Number(environment.SITE_PORT || localPorts.site),
    identityPort: Number(environment.IDENTITY_PORT || localPorts.identity),
    paymentsPort: Number(environment.PAYMENTS_PORT || localPorts.payments),
    databasePort: Number(environment.DATABASE_PORT || localPorts.database),
    usesLocalDatabase: !environment.DATABASE_URL,
    usesLocalIdentity: !environment.AUTH0_DOMAIN && !environment.AUTH_ISSUER,
    usesLocalPayments: !environment.STRIPE_SECRET_KEY && !environment.STRIPE_API_BASE,
    clientId: environment.AUTH0_CLIENT_ID || localClientId,
    audience: server.auth.audience,
    site: siteSettings(environment, server, dataDir),
    publishing: readPublishingSettings(environment),
    server,
  })
}

/** Returns the settings of the site's build. Empty settings get the server's values. */
export function siteSettings(environment: NodeJS.ProcessEnv, server: Settings, dataDir: string): SiteSettings {
  const apiUrl = environment.GATSBY_API_URL || null
  return {
    folder: dataDir === path.join(root, '.data') ? path.join(root, 'site') : path.join(dataDir, 'site'),
    usesLocalApi: apiUrl === null,
    environment: {
      GATSBY_API_URL: apiUrl ?? `http://localhost:${server.port}/graphql`,
      GATSBY_AUTH0_DOMAIN: environment.GATSBY_AUTH0_DOMAIN || domainOf(server.auth.issuer),
      GATSBY_AUTH0_CLIENT_ID: environment.GATSBY_AUTH0_CLIENT_ID || environment.AUTH0_CLIENT_ID || localClientId,
      GATSBY_AUTH0_AUDIENCE: environment.GATSBY_AUTH0_AUDIENCE || server.auth.audience,
      GATSBY_SITE_URL: environment.GATSBY_SITE_URL || server.siteUrl,
      GATSBY_IMAGE_HOSTS: (environment.GATSBY_IMAGE_HOSTS ?? '').replaceAll(' ', ''),
    },
  }
}

/** Parses the server's settings. @throws SettingsError that also lists the problems of the site's and the publisher's settings */
function parsedTogether(environment: NodeJS.ProcessEnv): Settings {
  const problems = [...siteProblems(environment), ...publishingProblems(environment)]
  try {
    const server = parseSettings(environment)
    if (problems.length === 0) return server
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    throw new SettingsError([...error.problems, ...problems])
  }
  throw new SettingsError(problems)
}

/** Returns the problems of the site's settings, one sentence each. */
export function siteProblems(environment: NodeJS.ProcessEnv): string[] {
  const { GATSBY_API_URL, GATSBY_SITE_URL, GATSBY_AUTH0_DOMAIN, GATSBY_IMAGE_HOSTS } = environment
  const isWeb = (value: string) => /^https?:\/\//.test(value) && URL.canParse(value)
  const problems: string[] = []
  if (GATSBY_API_URL && !isWeb(GATSBY_API_URL))
    problems.push('GATSBY_API_URL is not an address such as https://api.example.org/graphql')
  if (GATSBY_SITE_URL && !(isWeb(GATSBY_SITE_URL) && new URL(GATSBY_SITE_URL).origin === GATSBY_SITE_URL))
    problems.push('GATSBY_SITE_URL is not an origin such as https://example.org (no path, no final slash)')
  if (GATSBY_AUTH0_DOMAIN && !/^(https?:\/\/)?[a-z0-9.-]+(:\d+)?$/i.test(GATSBY_AUTH0_DOMAIN))
    problems.push('GATSBY_AUTH0_DOMAIN is not a host such as login.example.org (no path, no final slash)')
  // The hosts are part of each page's Content-Security-Policy, where a space or a semicolon has a meaning.
  const isHost = (host: string) => /^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?$/i.test(host.trim())
  if (GATSBY_IMAGE_HOSTS && !GATSBY_IMAGE_HOSTS.split(',').every(isHost))
    problems.push('GATSBY_IMAGE_HOSTS is not a list of hosts such as s.gravatar.com,*.googleusercontent.com')
  return problems
}

/** Returns the issuer in the SDK's format: a host, with a scheme only if it is not https. */
function domainOf(issuer: string): string {
  const { protocol, host, origin } = new URL(issuer)
  return protocol === 'https:' ? host : origin
}

/** The places where `findChromium` looks for a browser. */
export interface BrowserPlaces {
  /** CHROMIUM_PATH, or null to search for one. */
  readonly chromiumPath: string | null
  /** The folders of PATH. */
  readonly path: readonly string[]
  /** The program folders of Windows. Empty on other systems. */
  readonly programFolders: readonly string[]
}

/** Reads the places from `.env` and the environment, as `readScriptSettings` does. */
export function readBrowserPlaces(): BrowserPlaces {
  loadDotenv()
  const { CHROMIUM_PATH, PATH, ProgramFiles, 'ProgramFiles(x86)': programFiles86, LOCALAPPDATA } = process.env
  return {
    chromiumPath: CHROMIUM_PATH || null,
    path: (PATH ?? '').split(path.delimiter).filter(Boolean),
    programFolders: [ProgramFiles, programFiles86, LOCALAPPDATA].filter((folder) => folder !== undefined),
  }
}

function loadDotenv(): void {
  const file = path.join(root, '.env')
  if (!process.env.NO_DOTENV && existsSync(file)) process.loadEnvFile(file)
}
