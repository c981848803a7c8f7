import { randomUUID } from 'node:crypto'
import Fastify, { LogController, type FastifyInstance } from 'fastify'
import type { GraphQLSchema } from 'graphql'
import type { Auth } from './auth/index.ts'
import { createBudget, createStripe, requestBudgetMilliseconds } from './billing/index.ts'
import { isReachable, type Database } from './db/index.ts'
import type { PaymentSettings, Settings } from './env.ts'
import { buildSchema, createApollo, createSubscriber, warmUp, type MaskedError } from './graphql/index.ts'
import { AddressLimit, limitAddresses } from './http/limits/address-limit.ts'
import { authenticate, prepareIdentity } from './http/authentication.ts'
import { acceptContentTypes, checkContentType } from './http/content-types.ts'
import { answerErrors, answerUnreadable, answerUnroutable } from './http/errors.ts'
import { answerGraphql } from './http/routes/graphql-route.ts'
import { closeConnectionsOnStop, refuseWhile } from './http/connections/closing.ts'
import { floodReporter, logRequests } from './http/request-log.ts'
import { keepPrivate, setResponseHeaders } from './http/response-headers.ts'
import { answerHealth } from './http/routes/health.ts'
import { InFlight } from './http/limits/in-flight.ts'
import { answerUnknown } from './http/routes/unknown-routes.ts'
import { refusePipelining } from './http/connections/pipelining.ts'
import { connectRedis } from './http/limits/rate-limit-store.ts'
import { limitRates } from './http/limits/rate-limits.ts'
import { limitQueryLength, limitRequestSize, mostBytes } from './http/limits/request-size.ts'
import { answerStreams } from './http/routes/stream-route.ts'
import { createStreams } from './http/limits/open-streams.ts'
import { answerWebhooks } from './http/routes/webhook-route.ts'
import { atMost } from './lib/deadline.ts'
import type { Clock } from './lib/clock.ts'
import { loggerOptions, onceAMinute, type LogStream } from './lib/logger.ts'
import type { Metrics } from './lib/metrics.ts'
import { scrub } from './lib/scrub.ts'
import { createProfileRefresher } from './members/index.ts'
import type { ChangeHub } from './membership/index.ts'

interface AppOptions {
  readonly settings: Settings
  readonly db: Database
  readonly auth: Auth
  readonly clock: Clock
  readonly metrics: Metrics
  /** Publishes the members whose memberships or account changed. */
  readonly changes: ChangeHub
  /** The destination of log lines. Default: standard output. */
  readonly logStream?: LogStream
  /** Returns further conditions of readiness, beside the database, the issuer's keys and the absence of a stop. */
  readonly readiness?: () => Readonly<Record<string, boolean>>
  /** How long a mutation waits for the webhook of its change. Default: four seconds. */
  readonly webhookWaitMilliseconds?: number
  /** The time limit of all calls of one request to the payment provider together. Default: eight seconds. */
  readonly providerBudgetMilliseconds?: number
  /** The guarded schema. Tests pass a schema with one rule removed. */
  readonly schema?: GraphQLSchema
}

export interface App {
  readonly http: FastifyInstance
  /** Reports the server as not ready, ends the streams, and closes idle connections. Other connections close after their response. */
  readonly drain: () => void
  readonly close: () => Promise<void>
  /**
   * Executes a few queries, so that the first requests are not slow. Ends early if a query fails or `until` aborts.
   *
   * @returns the number of successful queries
   */
  readonly warmUp: (until: AbortSignal) => Promise<number>
}

/** How long a stop waits for profiles that are being fetched. */
const profilesMilliseconds = 2_000

/** Assembles the server without listening. @throws UnguardedError if a field has no rule */
export async function createApp(options: AppOptions): Promise<App> {
  const { settings, db, auth, clock, metrics, changes, logStream, readiness = () => ({}) } = options
  const schema = options.schema ?? buildSchema()
  const now = (): number => clock.monotonic()
  const addresses = new AddressLimit(settings.rateLimits.address, now)
  const http = Fastify({
    logger: loggerOptions(settings.logLevel, logStream),
    // logRequests writes one line for each request.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: () => randomUUID(),
    trustProxy: trustedProxies(settings.trustProxy),
    bodyLimit: mostBytes,
    requestTimeout: 20_000,
    // Node's default headersTimeout is longer than requestTimeout. Node would then swap the two limits, so a body could stall for a minute.
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 5_000 },
    // Fastify's own response has no code and no Retry-After. refuseWhile answers instead.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    frameworkErrors: answerUnroutable(addresses),
    clientErrorHandler: answerUnreadable(addresses),
  })
  let draining = false
  let closing = false
  answerErrors(http)
  const redis =
    settings.redisUrl === null
      ? null
      : connectRedis(settings.redisUrl, (error) => http.log.warn({ err: error }, 'Redis connection error'))
  const profiles = createProfileRefresher({
    db,
    clock,
    onFailure: (error) => http.log.warn({ err: error }, 'a profile could not be fetched'),
  })
  const stripe = settings.payments && createStripe(settings.payments)
  const graphql = {
    schema,
    production: settings.production,
    onMasked: ({ error, path, ...what }: MaskedError) =>
      // The path contains aliases that the caller chose.
      http.log.error({ err: error, ...what, path: scrub(path) }, 'an error was masked'),
  }
  const apollo = createApollo({ ...graphql, logger: http.log })
  const streams = createStreams({ onCount: metrics.streamsOpen })
  await apollo.start()

  // The steps that each request goes through, in order.
  const closeConnections = closeConnectionsOnStop(http)
  prepareIdentity(http)
  http.addHook('onRequest', refusePipelining)
  await setResponseHeaders(http, settings)
  http.addHook('onRequest', limitAddresses(addresses, floodReporter(http, metrics)))
  http.addHook(
    'onRequest',
    refuseWhile(() => closing),
  )
  logRequests(http, metrics)
  const logFallback = onceAMinute((error) => {
    http.log.warn({ err: error }, 'Redis failed; rate limits are counted by this process only')
  })
  const limits = limitRates(http, {
    settings: settings.rateLimits,
    redis,
    now,
    onFallback: (error) => {
      metrics.rateLimitFellBack()
      logFallback(error)
    },
  })
  answerUnknown(http, limits.countRequest)
  http.addHook('onRequest', keepPrivate)
  acceptContentTypes(http)
  const services = {
    db,
    clock,
    profiles,
    maxBodiesPerAnswer: settings.maxBodiesPerAnswer,
    teasers: settings.teasers,
    billing: {
      stripe,
      createProviderClient:
        settings.payments && providerClientsFor(settings.payments, options.providerBudgetMilliseconds),
      siteUrl: settings.siteUrl,
      webhookWaitMilliseconds: options.webhookWaitMilliseconds ?? 4_000,
      changes,
    },
    changes,
  }
  const steps = {
    onRequest: [authenticate(auth, limits), limits.countRequest, checkContentType],
    preParsing: limitRequestSize,
    preHandler: [limitQueryLength],
  }
  const sandboxAt = settings.production ? null : `http://localhost:${settings.port}/graphql`
  const inFlight = new InFlight(settings.rateLimits.inFlight)
  answerGraphql(http, { apollo, auth, services, sandboxAt, steps, inFlight })
  answerStreams(http, { subscriber: createSubscriber(graphql), streams, auth, services, steps })
  if (settings.payments) {
    const { webhookSecrets, livemode } = settings.payments
    const { graceMilliseconds } = settings
    const refusals = new AddressLimit(settings.rateLimits.badToken, now)
    await answerWebhooks(http, { db, clock, metrics, livemode, webhookSecrets, graceMilliseconds, refusals })
  }
  answerHealth(http, {
    database: () => isReachable(db, 1_000),
    others: () => ({ serving: !draining, auth: auth.ready(), ...readiness() }),
  })

  return {
    http,
    drain: () => {
      draining = true
      // Streams would outlast any stop. Their clients reconnect to another process.
      streams.stop()
      closeConnections()
    },
    close: async () => {
      closing = true
      streams.stop()
      closeConnections()
      await http.close()
      await apollo.stop()
      // A profile that is not stored in time is fetched again when it is due.
      await atMost(profilesMilliseconds, profiles.settled())
      redis?.disconnect()
    },
    warmUp: (until) => warmUp(apollo, services, until),
  }
}

/** Returns a function that creates a provider client with a time budget of its own, for one request. */
const providerClientsFor =
  (payments: PaymentSettings, ofRequest = requestBudgetMilliseconds) =>
  (milliseconds = ofRequest) =>
    createStripe(payments, createBudget(milliseconds))

/** Converts the setting for Fastify. A number is the count of proxies in front that append to X-Forwarded-For. */
function trustedProxies(setting: Settings['trustProxy']) {
  return typeof setting === 'number' ? (_address: string, hop: number) => hop < setting : setting
}
