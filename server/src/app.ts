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

export interface AppOptions {
  readonly settings: Settings
  readonly db: Database
  readonly auth: Auth
  readonly clock: Clock
  readonly metrics: Metrics
  /** Publishes the members whose memberships or account changed. */
  readonly changes: ChangeHub
  /** Where log lines go; standard output unless given. */
  readonly logStream?: LogStream
  /** What must hold for traffic beside the database, the keys and that nobody asked to stop. */
  readonly readiness?: () => Readonly<Record<string, boolean>>
  /** How long an answer waits for the payment provider's word of what it changed; four seconds unless given. */
  readonly webhookWaitMilliseconds?: number
  /** How long all calls of one request to the payment provider may take together; eight seconds unless given. */
  readonly providerBudgetMilliseconds?: number
  /** The guarded schema; tests give one with a rule taken away. */
  readonly schema?: GraphQLSchema
}

export interface App {
  readonly http: FastifyInstance
  /** From now on not ready: a load balancer sends no more. Idle connections close, others with their answer. */
  readonly drain: () => void
  readonly close: () => Promise<void>
  /** Answers a few queries for nobody, so that the first readers do not wait. Ends early if one fails, or `until` says so. @returns how many were good */
  readonly warmUp: (until: AbortSignal) => Promise<number>
}

/** How long a stop waits for profiles that are being asked for. */
const profilesMilliseconds = 2_000

/** Puts the server together. It does not listen yet. @throws UnguardedError when a field has no rule */
export async function createApp(options: AppOptions): Promise<App> {
  const { settings, db, auth, clock, metrics, changes, logStream, readiness = () => ({}) } = options
  const schema = options.schema ?? buildSchema()
  const now = (): number => clock.monotonic()
  const addresses = new AddressLimit(settings.rateLimits.address, now)
  const http = Fastify({
    logger: loggerOptions(settings.logLevel, logStream),
    // One line for each request, written when it is answered.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: () => randomUUID(),
    trustProxy: believedProxies(settings.trustProxy),
    bodyLimit: mostBytes,
    requestTimeout: 20_000,
    // Node's own headersTimeout is longer, and then the two change places: a body could stall for a minute.
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 5_000 },
    // Fastify's own answer has no code and no Retry-After: refuseWhile gives ours.
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
      // The caller chooses the names that a path is made of.
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
  const tellOfFallback = onceAMinute((error) => {
    http.log.warn({ err: error }, 'Redis failed; rate limits are counted by this process only')
  })
  const limits = limitRates(http, {
    settings: settings.rateLimits,
    redis,
    now,
    onFallback: (error) => {
      metrics.rateLimitFellBack()
      tellOfFallback(error)
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
      // They would outlast any stop. Their clients come back, to another process.
      streams.stop()
      closeConnections()
    },
    close: async () => {
      closing = true
      streams.stop()
      closeConnections()
      await http.close()
      await apollo.stop()
      // One that is not stored is asked for again when it is due.
      await atMost(profilesMilliseconds, profiles.settled())
      redis?.disconnect()
    },
    warmUp: (until) => warmUp(apollo, services, until),
  }
}

/** Each request that changes something at the payment provider has a budget of its own. */
const providerClientsFor =
  (payments: PaymentSettings, ofRequest = requestBudgetMilliseconds) =>
  (milliseconds = ofRequest) =>
    createStripe(payments, createBudget(milliseconds))

/** A number is how many proxies in front of us add to X-Forwarded-For. */
function believedProxies(setting: Settings['trustProxy']) {
  return typeof setting === 'number' ? (_address: string, hop: number) => hop < setting : setting
}
