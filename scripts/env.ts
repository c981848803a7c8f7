import { existsSync } from 'node:fs'
import path from 'node:path'
import { publishingProblems, publishingSettingNames, readPublishingSettings } from './publish/settings.ts'
import type { PublishingDefaults } from '../server/src/content/publishing/index.ts'
import { localClientId, localPorts } from '../server/src/local/defaults.ts'
import { parseSettings, SettingsError, type Settings } from '../server/src/env.ts'

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
  readonly paymentsPort: number
  readonly databasePort: number
  /** DATABASE_URL is empty: the local database serves. */
  readonly usesLocalDatabase: boolean
  /** AUTH0_DOMAIN and AUTH_ISSUER are empty: the local identity provider serves. */
  readonly usesLocalIdentity: boolean
  /** STRIPE_SECRET_KEY and STRIPE_API_BASE are empty: the local payment provider serves. */
  readonly usesLocalPayments: boolean
  readonly clientId: string
  readonly audience: string
  readonly site: SiteSettings
  /** What the publication says for articles whose files do not. */
  readonly publishing: PublishingDefaults
  /** The server's own settings, parsed by the server's own file. */
  readonly server: Settings
}

/** What the site is built with: see site/src/env.ts. */
export interface SiteSettings {
  /** Where it is built: in `site/`, and for another DATA_DIR in a copy there, since the addresses are built in. */
  readonly folder: string
  /** GATSBY_API_URL is empty: the site is for the API on this machine, which the build starts if it does not run. */
  readonly usesLocalApi: boolean
  /** What Gatsby gets as its environment; none of it is secret. */
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

/** The names that this file reads, for the check of `.env.example`. */
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
 * Reads `.env` in the project's folder and then the environment, which wins. With NO_DOTENV set the file is left alone: tests
 * never read it.
 *
 * @throws SettingsError naming every problem at once
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

/** What the site is built with: its own settings, and where they are empty the server's. */
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

/** The server's settings; what is wrong with the site's and the publisher's is told in the same list. */
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

/** What is wrong with the settings of the site, one sentence each. */
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
  // In the policy of each page, where a space or a semicolon would begin something else.
  const isHost = (host: string) => /^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?$/i.test(host.trim())
  if (GATSBY_IMAGE_HOSTS && !GATSBY_IMAGE_HOSTS.split(',').every(isHost))
    problems.push('GATSBY_IMAGE_HOSTS is not a list of hosts such as s.gravatar.com,*.googleusercontent.com')
  return problems
}

/** As the SDK takes it: a host, with its scheme only where that is not https. */
function domainOf(issuer: string): string {
  const { protocol, host, origin } = new URL(issuer)
  return protocol === 'https:' ? host : origin
}

/** Where a browser may be, for `findChromium`. */
export interface BrowserPlaces {
  /** CHROMIUM_PATH; null: it is looked for. */
  readonly chromiumPath: string | null
  /** The folders of PATH. */
  readonly path: readonly string[]
  /** Where Windows has its programs; elsewhere none. */
  readonly programFolders: readonly string[]
}

/** Reads `.env` as `readScriptSettings` does. */
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
