import { randomUUID } from 'node:crypto'
import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import Fastify, { LogController, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { GraphQLSchema } from 'graphql'
import type { Auth } from './auth/index.ts'
import { createBudget, createStripe, requestBudgetMilliseconds } from './billing/index.ts'
import { isReachable, type Database } from './db/index.ts'
import type { PaymentSettings, Settings } from './env.ts'
import { buildSchema, createApollo, createSubscriber, warmUp, type MaskedError } from './graphql/index.ts'
import { AddressLimit, limitAddresses } from './http/address-limit.ts'
import { authenticate, prepareIdentity } from './http/authentication.ts'
import { keepPrivate } from './http/caching.ts'
import { callerAddress } from './http/caller-address.ts'
import { acceptContentTypes, checkContentType } from './http/content-types.ts'
import { answerErrors, answerUnreadable, answerUnroutable } from './http/errors.ts'
import { answerGraphql } from './http/graphql-route.ts'
import { closeConnectionsOnStop, refuseWhile } from './http/closing.ts'
import { answerHealth, isHealthCheck } from './http/health.ts'
import { InFlight } from './http/in-flight.ts'
import { answerUnknown } from './http/methods.ts'
import { refusePipelining } from './http/pipelining.ts'
import { connectRedis } from './http/rate-limit-store.ts'
import { limitRates } from './http/rate-limits.ts'
import { limitQueryLength, limitRequestSize, mostBytes } from './http/request-size.ts'
import { answerStreams } from './http/stream-route.ts'
import { createStreams } from './http/streams.ts'
import { answerWebhooks } from './http/webhook-route.ts'
import { atMost } from './lib/at-most.ts'
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

/** The hosted Sandbox, for developers who prefer it to the page. */
const hostedSandbox = 'https://studio.apollographql.com'

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

  const logFlood = onceAMinute((address: string) => http.log.warn({ address }, 'an address exceeds its rate limit'))
  const tellOfFlood = ({ ip, method }: FastifyRequest, { elapsedTime }: FastifyReply): void => {
    // No line for each request: a flood must not fill the disk.
    metrics.requestAnswered(method, 429, elapsedTime)
    logFlood(callerAddress(ip))
  }

  // ── What a request goes through, in order ──────────────────────────────────────────────────────────────────────────
  const closeConnections = closeConnectionsOnStop(http)
  prepareIdentity(http)
  http.addHook('onRequest', refusePipelining)
  http.addHook('onRequest', async (request, reply) => void reply.header('x-request-id', request.id))
  await http.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    referrerPolicy: { policy: 'no-referrer' },
  })
  // First, so that pages may read every answer, refusals too. It compares one header with a list.
  await http.register(cors, {
    origin: [...settings.corsOrigins, ...(settings.production ? [] : [hostedSandbox])],
    methods: ['GET', 'POST'],
    credentials: false,
    exposedHeaders: [
      'x-request-id',
      'retry-after',
      'ratelimit-policy',
      'ratelimit-limit',
      'ratelimit-remaining',
      'ratelimit-reset',
      'www-authenticate',
    ],
    maxAge: 600,
    // Preflights are limited like any request, and end at answerUnknown.
    preflightContinue: true,
    strictPreflight: false,
  })
  // Before any work on what a stranger sent.
  http.addHook('onRequest', limitAddresses(addresses, tellOfFlood))
  http.addHook(
    'onRequest',
    refuseWhile(() => closing),
  )
  http.addHook('onRequest', async (request, reply) => {
    // Not onResponse, which does not come when the client breaks off, as the end of most streams is.
    reply.raw.once('close', () => {
      const answered = reply.raw.writableFinished
      // How long a stream lasted says nothing of how long answers take.
      if (answered && !isStream(reply)) metrics.requestAnswered(request.method, reply.statusCode, reply.elapsedTime)
      // Whoever watches our health asks every few seconds.
      if (isHealthCheck(request)) return
      const milliseconds = Math.round(reply.elapsedTime)
      request.log.info({ req: request, res: reply, milliseconds, ...(!answered && { brokenOff: true }) }, 'request')
    })
  })
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
    await answerWebhooks(http, {
      db,
      clock,
      metrics,
      livemode,
      webhookSecrets,
      graceMilliseconds,
      refusals,
    })
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

const isStream = (reply: FastifyReply): boolean =>
  String(reply.getHeader('content-type')).startsWith('text/event-stream')

/** Each request that changes something at the payment provider has a budget of its own. */
const providerClientsFor =
  (payments: PaymentSettings, ofRequest = requestBudgetMilliseconds) =>
  (milliseconds = ofRequest) =>
    createStripe(payments, createBudget(milliseconds))

/** A number is how many proxies in front of us add to X-Forwarded-For. */
function believedProxies(setting: Settings['trustProxy']) {
  return typeof setting === 'number' ? (_address: string, hop: number) => hop < setting : setting
}
