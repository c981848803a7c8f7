import { isIP } from 'node:net'
import { z } from 'zod'
import {
  localAudience,
  localDatabaseUrl,
  localIssuer,
  localPaymentsUrl,
  localPorts,
  localSecretKey,
  localSiteUrl,
  localWebhookSecret,
} from './local/defaults.ts'

/** The server's settings, parsed and frozen. No other file of the server reads the environment. */
export interface Settings {
  readonly production: boolean
  /** The address to listen on. `localhost`, the default outside production, means both 127.0.0.1 and ::1. */
  readonly host: string
  readonly port: number
  readonly siteUrl: string
  /** Origins from which browsers may call the API. */
  readonly corsOrigins: readonly string[]
  /** The number of trusted proxies in front of the server, or their addresses. They report the caller's address. */
  readonly trustProxy: false | number | string
  readonly logLevel: LogLevel
  /** The port of the metrics, on loopback only. Null: metrics are not served. */
  readonly metricsPort: number | null
  readonly databaseUrl: string
  /** The database's own address, without a pooler, for notifications of committed changes. */
  readonly databaseListenUrl: string
  readonly databasePoolMax: number
  /** Null: rate limits are kept in memory. */
  readonly redisUrl: string | null
  readonly auth: AuthSettings
  readonly rateLimits: {
    /** Requests of any kind per minute and address, in each process. */
    readonly address: number
    /** Points per minute and address, for requests without a token. */
    readonly anonymous: number
    /** Points per minute and member. */
    readonly member: number
    /** Refused tokens per minute and address. */
    readonly badToken: number
    /** Concurrent queries per caller. */
    readonly inFlight: number
  }
  readonly maxBodiesPerAnswer: number
  readonly teasers: 'public' | 'members'
  /** Null: plans cannot be bought. */
  readonly payments: PaymentSettings | null
  /** Whether the API process runs background jobs. */
  readonly worker: boolean
  /** How long a membership remains open after the end of its period if the next payment failed or has not been reported. */
  readonly graceMilliseconds: number
}

export interface PaymentSettings {
  readonly secretKey: string
  /** Whether the key is for live mode. Events of the other mode are stored and have no effect. */
  readonly livemode: boolean
  /** Signing secrets of webhooks. Any of them is accepted, so that a secret can be rotated. */
  readonly webhookSecrets: readonly string[]
  /** The address of the local payment provider. Null: Stripe. */
  readonly apiBase: URL | null
}

export interface AuthSettings {
  /** Exactly as in `iss`, with a final slash if it has one. */
  readonly issuer: string
  readonly audience: string
  /** Maximum accepted `exp` − `iat`. */
  readonly tokenMaxLifetimeSeconds: number
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
type LogLevel = (typeof logLevels)[number]

/** All problems of the settings. The messages contain no values, which may be secret. */
export class SettingsError extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`Invalid settings:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`)
    this.name = 'SettingsError'
    this.problems = problems
  }
}

const port = (standard: number) => wholeNumber(standard, 1, 65_535)

function wholeNumber(standard: number, least: number, most: number) {
  return z
    .string()
    .regex(/^\d{1,9}$/, `is not a whole number from ${least} to ${most}`)
    .transform(Number)
    .refine((value) => value >= least && value <= most, `is not a whole number from ${least} to ${most}`)
    .default(standard)
}

const secretLike = z.string().refine((value) => !/\s/.test(value), 'contains white space')
const databaseAddress = secretLike.refine(
  (value) => /^postgres(ql)?:\/\//.test(value) && URL.canParse(value),
  'is not a postgresql:// address',
)
const origin = z.string().refine((value) => URL.canParse(value) && new URL(value).origin === value, {
  message: 'is not an origin such as https://example.org (no path, no final slash)',
})

/** Stripe's mode, test or live, in the prefix of a secret key. */
const modeOfKey = /^(?:sk|rk)_(test|live)_/

const shape = z.object({
  NODE_ENV: z
    .enum(['development', 'test', 'production'], 'is not one of development, test, production')
    .default('development'),
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/, 'is neither an address nor a host name')
    .optional(),
  PORT: port(4000),
  SITE_PORT: port(localPorts.site),
  IDENTITY_PORT: port(localPorts.identity),
  DATABASE_PORT: port(localPorts.database),
  METRICS_PORT: wholeNumber(0, 1, 65_535).optional(),
  DATABASE_URL: databaseAddress.optional(),
  DATABASE_LISTEN_URL: databaseAddress.optional(),
  DATABASE_POOL_MAX: wholeNumber(10, 1, 200),
  REDIS_URL: secretLike
    .refine((value) => /^rediss?:\/\//.test(value) && URL.canParse(value), 'is not a redis:// address')
    .optional(),
  AUTH0_DOMAIN: z
    .string()
    .regex(/^[a-z0-9.-]+$/i, 'is not a host name such as example.eu.auth0.com (no scheme, no path)')
    .optional(),
  AUTH0_AUDIENCE: secretLike.optional(),
  AUTH0_CLIENT_ID: secretLike.optional(),
  AUTH_ISSUER: z
    .string()
    .refine((value) => URL.canParse(value), 'is not an address such as https://example.eu.auth0.com/')
    .optional(),
  TOKEN_MAX_LIFETIME_SECONDS: wholeNumber(86_400, 60, 31_536_000),
  SITE_URL: origin.optional(),
  CORS_ORIGINS: z
    .string()
    .transform((value) => value.split(',').map((part) => part.trim()))
    .pipe(z.array(origin))
    .optional(),
  TRUST_PROXY: z
    .string()
    .refine(isProxyList, 'is neither false, nor a number of proxies, nor addresses such as 10.0.0.0/8,192.0.2.7')
    .optional(),
  LOG_LEVEL: z.enum(logLevels, `is not one of ${logLevels.join(', ')}`).default('info'),
  RATE_LIMIT_ADDRESS: wholeNumber(6000, 1, 1_000_000),
  RATE_LIMIT_ANONYMOUS: wholeNumber(300, 1, 1_000_000),
  RATE_LIMIT_MEMBER: wholeNumber(1200, 1, 1_000_000),
  RATE_LIMIT_BAD_TOKEN: wholeNumber(60, 1, 1_000_000),
  RATE_LIMIT_IN_FLIGHT: wholeNumber(5, 1, 100_000),
  MAX_BODIES_PER_ANSWER: wholeNumber(10, 1, 100),
  TEASERS: z.enum(['public', 'members'], 'is neither public nor members').default('public'),
  PAYMENTS_PORT: port(localPorts.payments),
  STRIPE_SECRET_KEY: secretLike
    .refine(
      (value) => modeOfKey.test(value),
      'is not a secret key of Stripe (sk_test_…, sk_live_…, rk_test_…, rk_live_…)',
    )
    .optional(),
  STRIPE_WEBHOOK_SECRET: secretLike
    .transform((value) => value.split(',').filter(Boolean))
    .pipe(
      z
        .array(z.string().startsWith('whsec_', 'contains a value that is not a signing secret of Stripe (whsec_…)'))
        .min(1),
    )
    .optional(),
  STRIPE_API_BASE: z
    .string()
    .refine((value) => URL.canParse(value) && isLoopback(value), 'is not an address on this machine')
    .optional(),
  GRACE_DAYS: wholeNumber(7, 0, 90),
  WORKER: z.enum(['on', 'off'], 'is neither on nor off').default('on'),
})

type Raw = z.infer<typeof shape>

/** All settings of the server, for the check that `.env.example` lists exactly these. */
export const settingNames = Object.keys(shape.shape)

/**
 * Parses the settings. Empty settings get their defaults; production has no default for some.
 *
 * @throws SettingsError that lists all problems
 */
export function parseSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const filled = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  )
  const parsed = shape.safeParse(filled)
  const malformed = parsed.error?.issues.map((issue) => `${String(issue.path[0])} ${issue.message}`) ?? []
  // A malformed setting counts as set, so that it is not reported as empty too.
  const raw = parsed.data ?? { ...shape.parse({}), ...filled }
  const production = raw.NODE_ENV === 'production'
  const issuer = raw.AUTH_ISSUER ?? (raw.AUTH0_DOMAIN ? `https://${raw.AUTH0_DOMAIN}/` : null)
  const problems = [...malformed, ...contradictions(raw, production, issuer)]
  if (problems.length > 0) throw new SettingsError(problems)

  const databaseUrl = raw.DATABASE_URL ?? localDatabaseUrl(raw.DATABASE_PORT)
  const siteUrl = raw.SITE_URL ?? localSiteUrl(raw.SITE_PORT)
  return deepFreeze({
    production,
    host: raw.HOST ?? (production ? '0.0.0.0' : 'localhost'),
    port: raw.PORT,
    siteUrl,
    corsOrigins: [...new Set([siteUrl, ...(raw.CORS_ORIGINS ?? [])])],
    trustProxy: parseTrustProxy(raw.TRUST_PROXY),
    logLevel: raw.LOG_LEVEL,
    metricsPort: raw.METRICS_PORT || null,
    databaseUrl,
    databaseListenUrl: raw.DATABASE_LISTEN_URL ?? databaseUrl,
    databasePoolMax: raw.DATABASE_POOL_MAX,
    redisUrl: raw.REDIS_URL ?? null,
    auth: {
      issuer: issuer ?? localIssuer(raw.IDENTITY_PORT),
      audience: raw.AUTH0_AUDIENCE ?? localAudience,
      tokenMaxLifetimeSeconds: raw.TOKEN_MAX_LIFETIME_SECONDS,
    },
    rateLimits: {
      address: raw.RATE_LIMIT_ADDRESS,
      anonymous: raw.RATE_LIMIT_ANONYMOUS,
      member: raw.RATE_LIMIT_MEMBER,
      badToken: raw.RATE_LIMIT_BAD_TOKEN,
      inFlight: raw.RATE_LIMIT_IN_FLIGHT,
    },
    maxBodiesPerAnswer: raw.MAX_BODIES_PER_ANSWER,
    teasers: raw.TEASERS,
    payments: paymentSettings(raw, production),
    worker: raw.WORKER === 'on',
    graceMilliseconds: raw.GRACE_DAYS * 86_400_000,
  })
}

/** Returns the settings of Stripe, or outside production, without a key, those of the local payment provider. */
function paymentSettings(raw: Raw, production: boolean): PaymentSettings | null {
  const { STRIPE_SECRET_KEY: key, STRIPE_WEBHOOK_SECRET: secrets, STRIPE_API_BASE: base } = raw
  const isStripe = key !== undefined && base === undefined
  if (production && !isStripe) return null
  const secretKey = key ?? localSecretKey
  return {
    secretKey,
    livemode: modeOfKey.exec(secretKey)?.[1] === 'live',
    webhookSecrets: secrets ?? (isStripe ? [] : [localWebhookSecret]),
    apiBase: isStripe ? null : base === undefined ? localPaymentsUrl(raw.PAYMENTS_PORT) : new URL(base),
  }
}

/** Returns problems of settings that are valid on their own but not together. */
function contradictions(raw: Raw, production: boolean, issuer: string | null): string[] {
  const problems: string[] = []
  if (issuer !== null) {
    if (URL.canParse(issuer) && new URL(issuer).protocol !== 'https:' && (production || !isLoopback(issuer))) {
      problems.push(
        'AUTH_ISSUER is not an https address (http is allowed for an issuer on this machine, outside production)',
      )
    }
  }
  if ((issuer !== null || production) && raw.AUTH0_AUDIENCE === undefined) {
    problems.push('AUTH0_AUDIENCE is empty: set it to the identifier of your API at Auth0')
  }
  if ((raw.AUTH0_AUDIENCE ?? localAudience) === raw.AUTH0_CLIENT_ID) {
    problems.push(
      'AUTH0_AUDIENCE is the client ID, so ID tokens would be accepted as access tokens: set it to the identifier of your API',
    )
  }
  if (production && issuer === null)
    problems.push('AUTH0_DOMAIN (or AUTH_ISSUER) is empty: production requires an identity provider')
  if (production && raw.DATABASE_URL === undefined)
    problems.push('DATABASE_URL is empty: production requires a PostgreSQL database')
  if (production && raw.SITE_URL === undefined)
    problems.push('SITE_URL is empty: production requires the address of your site')
  if (production && raw.STRIPE_API_BASE !== undefined)
    problems.push('STRIPE_API_BASE is for the local payment provider and must be empty in production')
  if (
    raw.STRIPE_SECRET_KEY !== undefined &&
    raw.STRIPE_WEBHOOK_SECRET === undefined &&
    raw.STRIPE_API_BASE === undefined
  )
    problems.push('STRIPE_WEBHOOK_SECRET is empty: without it no payment can be recorded')
  if (production && raw.STRIPE_SECRET_KEY === undefined && raw.STRIPE_WEBHOOK_SECRET !== undefined)
    problems.push('STRIPE_SECRET_KEY is empty while STRIPE_WEBHOOK_SECRET is set')
  return problems
}

function isLoopback(url: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$|\.localhost$/.test(new URL(url).hostname)
}

/** Returns whether TRUST_PROXY is valid. `true` is not: it would let callers choose the address to which rate limits apply. */
function isProxyList(value: string): boolean {
  if (value === 'false' || /^\d{1,2}$/.test(value)) return true
  return value.split(',').every((part) => {
    const [address = '', bits] = part.trim().split('/')
    const named = ['loopback', 'linklocal', 'uniquelocal'].includes(address)
    return named || (isIP(address) > 0 && (bits === undefined || /^\d{1,3}$/.test(bits)))
  })
}

function parseTrustProxy(value: string | undefined): false | number | string {
  if (value === undefined || value === 'false') return false
  return /^\d+$/.test(value) ? Number(value) : value
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) deepFreeze(inner)
  return Object.freeze(value)
}
