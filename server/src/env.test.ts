import { expect, test } from '@jest/globals'
import { parseSettings, SettingsError } from './env.ts'

const tenant = { AUTH0_DOMAIN: 'example.eu.auth0.com', AUTH0_AUDIENCE: 'https://api.example.com' }
const production = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgresql://gatepost:hunter2@db.example.com/gatepost',
  SITE_URL: 'https://example.com',
  ...tenant,
}

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    parseSettings(environment)
    return []
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    expect(error.message).not.toContain('hunter2')
    return error.problems
  }
}

test('the defaults are those of a local start', () => {
  const settings = parseSettings({})
  expect(settings).toMatchObject({ production: false, host: 'localhost', port: 4000, siteUrl: 'http://localhost:8000' })
  expect(settings.auth).toEqual({
    issuer: 'http://localhost:4001/',
    audience: 'https://api.gatepost.test',
    tokenMaxLifetimeSeconds: 86_400,
  })
  expect(settings.databaseUrl).toBe('postgresql://postgres@127.0.0.1:4003/gatepost')
  expect(settings.databaseListenUrl).toBe(settings.databaseUrl)
})

test('an empty setting is not set', () => {
  expect(parseSettings({ PORT: '', AUTH0_DOMAIN: '', TEASERS: '' })).toEqual(parseSettings({}))
})

test('derives the issuer from the domain', () => {
  expect(parseSettings(tenant).auth.issuer).toBe('https://example.eu.auth0.com/')
  expect(parseSettings({ ...tenant, AUTH_ISSUER: 'https://login.example.com/' }).auth.issuer).toBe(
    'https://login.example.com/',
  )
})

test('accepts production with a real issuer and database', () => {
  expect(parseSettings(production)).toMatchObject({ production: true, host: '0.0.0.0' })
})

test.each([
  ['', false],
  ['false', false],
  ['2', 2],
  ['loopback, 10.0.0.0/8,2001:db8::1', 'loopback, 10.0.0.0/8,2001:db8::1'],
])('TRUST_PROXY %p is parsed as %p', (value, trustProxy) => {
  expect(parseSettings({ TRUST_PROXY: value }).trustProxy).toBe(trustProxy)
})

test('freezes the settings at every level', () => {
  const settings = parseSettings({})
  expect(Object.isFrozen(settings) && Object.isFrozen(settings.auth) && Object.isFrozen(settings.corsOrigins)).toBe(
    true,
  )
})

test.each([
  ['a port that is a word', { PORT: 'eighty' }, 'PORT'],
  ['a port above 65535', { PORT: '70000' }, 'PORT'],
  ['an issuer without https', { ...tenant, AUTH_ISSUER: 'http://login.example.com/' }, 'AUTH_ISSUER'],
  ['a loopback issuer in production', { ...production, AUTH_ISSUER: 'http://localhost:4001/' }, 'AUTH_ISSUER'],
  ['a tenant without an audience', { AUTH0_DOMAIN: tenant.AUTH0_DOMAIN }, 'AUTH0_AUDIENCE'],
  [
    'an audience that is the client id',
    { ...tenant, AUTH0_AUDIENCE: 'same', AUTH0_CLIENT_ID: 'same' },
    'AUTH0_AUDIENCE',
  ],
  ['a domain with a scheme', { ...tenant, AUTH0_DOMAIN: 'https://example.eu.auth0.com' }, 'AUTH0_DOMAIN'],
  ['a secret with white space', { DATABASE_URL: 'postgresql://gatepost:hunter2 @db/x' }, 'DATABASE_URL'],
  ['a listen address of another database', { DATABASE_LISTEN_URL: 'redis://db/x' }, 'DATABASE_LISTEN_URL'],
  ['an address of another database', { DATABASE_URL: 'mysql://root:hunter2@db/x' }, 'DATABASE_URL'],
  ['an origin with a path', { CORS_ORIGINS: 'https://example.com/blog' }, 'CORS_ORIGINS'],
  ['any origin', { CORS_ORIGINS: '*' }, 'CORS_ORIGINS'],
  ['a site with a path', { SITE_URL: 'https://example.com/' }, 'SITE_URL'],
  ['a client id that is the local audience', { AUTH0_CLIENT_ID: 'https://api.gatepost.test' }, 'AUTH0_AUDIENCE'],
  ['a host with a space', { HOST: 'not a host' }, 'HOST'],
  ['a proxy by host name', { TRUST_PROXY: 'proxy.internal' }, 'TRUST_PROXY'],
  ['trust in every proxy', { TRUST_PROXY: 'true' }, 'TRUST_PROXY'],
  ['an unknown environment', { NODE_ENV: 'prod' }, 'NODE_ENV'],
  ['teasers for nobody', { TEASERS: 'nobody' }, 'TEASERS'],
  ['an unknown log level', { LOG_LEVEL: 'loud' }, 'LOG_LEVEL'],
  ['a rate limit of 0', { RATE_LIMIT_ANONYMOUS: '0' }, 'RATE_LIMIT_ANONYMOUS'],
  ['an address limit of 0', { RATE_LIMIT_ADDRESS: '0' }, 'RATE_LIMIT_ADDRESS'],
  ['a limit of 0 concurrent queries', { RATE_LIMIT_IN_FLIGHT: '0' }, 'RATE_LIMIT_IN_FLIGHT'],
  ['a token lifetime of 1 s', { TOKEN_MAX_LIFETIME_SECONDS: '1' }, 'TOKEN_MAX_LIFETIME_SECONDS'],
  ['production without a database', { ...production, DATABASE_URL: '' }, 'DATABASE_URL'],
  ['production without a tenant', { ...production, AUTH0_DOMAIN: '' }, 'AUTH0_DOMAIN'],
  ['production without a site', { ...production, SITE_URL: '' }, 'SITE_URL'],
])('F11 refuses %s', (_what, environment, name) => {
  expect(problemsOf(environment).join('\n')).toContain(name)
})

test('F11 lists all problems', () => {
  const problems = problemsOf({ NODE_ENV: 'production', PORT: 'x', TEASERS: 'x', LOG_LEVEL: 'x' })
  expect(problems.map((problem) => problem.split(' ')[0]).toSorted()).toEqual([
    'AUTH0_AUDIENCE',
    'AUTH0_DOMAIN',
    'DATABASE_URL',
    'LOG_LEVEL',
    'PORT',
    'SITE_URL',
    'TEASERS',
  ])
})

test.each([
  ['sk_test_x', false],
  ['rk_test_x', false],
  ['sk_live_x', true],
  ['rk_live_x', true],
  [undefined, false],
])('the key %s is of live mode: %s', (key, livemode) => {
  const settings = parseSettings(key === undefined ? {} : { STRIPE_SECRET_KEY: key, STRIPE_WEBHOOK_SECRET: 'whsec_x' })
  expect(settings.payments?.livemode).toBe(livemode)
})

test.each(['sk_x', 'rk_tests', 'pk_live_x', 'sk_org_live_x', 'x sk_test_y'])(
  'refuses the key %s, which names no mode',
  (key) => {
    expect(() => parseSettings({ STRIPE_SECRET_KEY: key, STRIPE_WEBHOOK_SECRET: 'whsec_x' })).toThrow(SettingsError)
  },
)
