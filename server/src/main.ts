import path from 'node:path'
import { createApp, type App } from './app.ts'
import { createAuth } from './auth/index.ts'
import {
  connectDatabase,
  isDatabaseFailure,
  listenForChanges,
  migrate,
  reconnectPauses,
  watchDatabase,
} from './db/index.ts'
import { parseSettings, SettingsError, type Settings } from './env.ts'
import { UnguardedError } from './graphql/index.ts'
import { listenOnIpv6Loopback } from './http/ipv6-loopback.ts'
import { atMost } from './lib/at-most.ts'
import { createClock } from './lib/clock.ts'
import { followClock } from './lib/followed-clock.ts'
import { onceAMinute } from './lib/logger.ts'
import { createMetrics, serveMetrics } from './lib/metrics.ts'
import { createChangeHub, memberChangedChannel } from './membership/index.ts'
import { observeAuth } from './observe-auth.ts'

// Starts the API and stops it. The only file that acts on import.

/** A stop that takes longer than this is forced. */
const stopWithinMilliseconds = 10_000
/** How long a stop waits for the database to take its leave. Nothing is asked any more. */
const disconnectMilliseconds = 1_000
/** How long a start prepares itself before it listens, in production. */
const prepareMilliseconds = 5_000
/** How long a load balancer gets, in production, to see that we are not ready before connections close. */
const drainMilliseconds = 3_000
/** A Ctrl-C reaches us from the terminal and from npm, a service manager's SIGTERM from it and from npm: that is one. */
const sameRequestMilliseconds = 1_000

/** Why the server does not start, in words for whoever starts it. */
class StartError extends Error {}

async function start(settings: Settings): Promise<void> {
  // Whoever reads our log may be gone before us. Pino's own stream would then wait for it for ever; this one loses the line.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  const metrics = createMetrics()
  /** The log comes with the app, which needs those that write to it. */
  const late: { log?: App['http']['log'] } = {}
  const localPayments = settings.payments?.apiBase ?? null
  const followed = localPayments && (await followClock(localPayments, (line) => late.log?.info(line)))
  const clock = followed ?? createClock()
  const auth = createAuth({ settings: settings.auth, clock, observe: (event) => observeAuth(event, metrics, late.log) })
  const db = connectDatabase({
    url: settings.databaseUrl,
    poolMax: settings.databasePoolMax,
    onConnectionLost: (error) => late.log?.warn({ err: error }, 'a database connection was lost'),
  })
  const changes = createChangeHub()
  const state = { migrated: !settings.production }
  const { http, drain, close, startOutbox, warmUp } = await createApp({
    settings,
    db,
    auth,
    clock,
    metrics,
    changes,
    logStream: process.stdout,
    readiness: () => ({ ...state }),
  })
  late.log = http.log
  const tellOfDeafness = onceAMinute((error: Error) => http.log.warn({ err: error }, 'changes are not heard for now'))
  const feed = listenForChanges({
    connection: { connectionString: settings.databaseListenUrl },
    channels: [memberChangedChannel],
    onChange: (_channel, memberId) => changes.tell(memberId),
    onConnected: () => {
      metrics.changesHeard(true)
      // Whatever happened before it listened.
      changes.tellAll()
    },
    onLost: (error) => {
      metrics.changesHeard(false)
      tellOfDeafness(error)
    },
  })
  const watch = watchDatabase(db, () => changes.tellAll())
  let stopMetrics = (): void => undefined
  let stopIpv6 = (): Promise<void> => Promise.resolve()

  stopOnRequest(http.log, async () => {
    drain()
    await new Promise((resolve) => setTimeout(resolve, settings.production ? drainMilliseconds : 0))
    const ipv6Closed = stopIpv6()
    await close()
    await ipv6Closed
    await feed.stop()
    watch.stop()
    followed?.stop()
    auth.stop()
    stopMetrics()
    // Politely, and no longer than that: a database that is gone without a word never says goodbye.
    await atMost(disconnectMilliseconds, db.$disconnect())
  })
  process.on('SIGUSR2', () => void auth.reloadKeys())
  process.on('unhandledRejection', (error) => http.log.error({ err: error }, 'unhandled rejection'))

  if (settings.metricsPort !== null) {
    stopMetrics = await serveMetrics(metrics, settings.metricsPort).catch(
      portTaken(settings.metricsPort, 'METRICS_PORT'),
    )
  }
  // What the first readers need comes first: keys, tables, connections, compiled code. A database that is away is not waited for here:
  // a server that says 503 is better than none.
  const migrated = settings.production ? migrateWhenReachable(settings, http.log) : Promise.resolve()
  const warmed = async (): Promise<void> => {
    await migrated
    await warmUp(AbortSignal.timeout(prepareMilliseconds))
  }
  await Promise.all([auth.start(), settings.production && atMost(prepareMilliseconds, warmed())])
  const onBoth = settings.host === 'localhost'
  await http
    .listen({ host: onBoth ? '127.0.0.1' : settings.host, port: settings.port })
    .catch(portTaken(settings.port, 'PORT'))
  // Without a listener a connection that could not be accepted, with too many files open say, would end the process.
  http.server.on('error', (error) => http.log.error({ err: error }, 'a connection could not be accepted'))
  if (onBoth) stopIpv6 = await listenOnIpv6Loopback(http, settings.port).catch(portTaken(settings.port, 'PORT'))
  await migrated
  state.migrated = true
  startOutbox()
  process.send?.({ ready: true })
}

/** Stops in good order when asked, once; asked again later, at once. */
function stopOnRequest(log: App['http']['log'], stop: () => Promise<void>): void {
  let asked: number | null = null
  const ask = (why: string): void => {
    if (asked !== null) {
      if (performance.now() - asked > sameRequestMilliseconds) process.exit(1)
      return
    }
    asked = performance.now()
    log.info({ why }, 'stopping')
    setTimeout(() => process.exit(1), stopWithinMilliseconds).unref()
    void stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'the stop failed')
        process.exit(1)
      },
    )
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => ask(signal))
  // The one that started us is gone: it cannot stop us any more.
  process.on('disconnect', () => ask('parent gone'))
}

function portTaken(port: number, setting: string): (error: unknown) => never {
  return (error) => {
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    throw taken ? new StartError(`Port ${port} is taken. Stop what uses it, or set ${setting}.`) : error
  }
}

/** Production migrates by itself, one of many starting processes; a database that is not there yet is waited for. */
async function migrateWhenReachable(settings: Settings, log: App['http']['log']): Promise<void> {
  const tell = onceAMinute((error: unknown) =>
    log.error({ err: error }, 'the database cannot be reached; trying again'),
  )
  const folder = path.resolve(import.meta.dirname, '../../prisma/migrations')
  const connection = { connectionString: settings.databaseUrl, connectionTimeoutMillis: 3_000 }
  const { firstMilliseconds, longestMilliseconds } = reconnectPauses
  for (let pause: number = firstMilliseconds; ; pause = Math.min(pause * 2, longestMilliseconds)) {
    try {
      await migrate(connection, folder, (line) => log.info(line))
      return
    } catch (error) {
      if (!isDatabaseFailure(error)) throw error
      tell(error)
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }
}

try {
  await start(parseSettings(process.env))
} catch (error) {
  const known = [SettingsError, UnguardedError, StartError].some((kind) => error instanceof kind)
  const text = error instanceof Error ? (known ? error.message : (error.stack ?? error.message)) : String(error)
  process.stderr.write(known ? `${text}\n` : `The API could not start: ${text}\n`)
  process.exit(1)
}
