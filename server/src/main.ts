import { createApp, type App } from './app.ts'
import { createAuth } from './auth/index.ts'
import { connectDatabase, listenForChanges, watchDatabase } from './db/index.ts'
import type { Settings } from './env.ts'
import { UnguardedError } from './graphql/index.ts'
import { listenOnIpv6Loopback } from './http/connections/ipv6-loopback.ts'
import { jobsChannel } from './jobs/index.ts'
import { atMost } from './lib/deadline.ts'
import { onceAMinute } from './lib/logger.ts'
import { createMetrics } from './lib/metrics.ts'
import { createChangeHub, memberChangedChannel } from './membership/index.ts'
import { observeAuth } from './observe-auth.ts'
import { createPublicationWorker } from './publication-jobs.ts'
import {
  disconnectMilliseconds,
  migrateWhenReachable,
  portTaken,
  run,
  startClock,
  startMetrics,
  stopOnRequest,
} from './start.ts'

// Starts and stops the API process. It also runs background jobs, unless WORKER=off.

/** Longest warm-up before the server listens, in production. */
const prepareMilliseconds = 5_000
/** How long the server reports that it is not ready before it closes connections, in production. For load balancers. */
const drainMilliseconds = 3_000

async function start(settings: Settings): Promise<void> {
  const metrics = createMetrics()
  /** Set below, because Fastify creates the log with the app, and the app needs services that use the log. */
  let log: App['http']['log'] | undefined = undefined
  const clock = await startClock(settings, (line) => log?.info(line))
  const auth = createAuth({ settings: settings.auth, clock, observe: (event) => observeAuth(event, metrics, log) })
  const db = connectDatabase({
    url: settings.databaseUrl,
    poolMax: settings.databasePoolMax,
    onConnectionLost: (error) => log?.warn({ err: error }, 'a database connection was lost'),
  })
  const changes = createChangeHub()
  const state = { migrated: !settings.production }
  const { http, drain, close, warmUp } = await createApp({
    settings,
    db,
    auth,
    clock,
    metrics,
    changes,
    logStream: process.stdout,
    readiness: () => ({ ...state }),
  })
  log = http.log
  const worker = settings.worker ? createPublicationWorker({ settings, db, clock, metrics, log: http.log }) : null
  const warnFeedLost = onceAMinute((error: Error) =>
    http.log.warn({ err: error }, 'notifications of changes are interrupted'),
  )
  const feed = listenForChanges({
    connection: { connectionString: settings.databaseListenUrl },
    channels: worker ? [memberChangedChannel, jobsChannel] : [memberChangedChannel],
    onChange: (channel, payload) => (channel === jobsChannel ? worker?.wake(payload) : changes.publish(payload)),
    onConnected: () => {
      metrics.changesHeard(true)
      // Changes before the connection were missed.
      changes.publishAll()
      worker?.wake()
    },
    onLost: (error) => {
      metrics.changesHeard(false)
      warnFeedLost(error)
    },
  })
  const watch = watchDatabase(db, () => changes.publishAll())
  let stopMetrics = (): void => undefined
  let stopIpv6 = (): Promise<void> => Promise.resolve()

  stopOnRequest(http.log, async () => {
    drain()
    await new Promise((resolve) => setTimeout(resolve, settings.production ? drainMilliseconds : 0))
    const ipv6Closed = stopIpv6()
    await Promise.all([close(), worker?.stop()])
    await ipv6Closed
    await feed.stop()
    watch.stop()
    clock.stop()
    auth.stop()
    stopMetrics()
    // If the database has vanished, the disconnect never resolves.
    await atMost(disconnectMilliseconds, db.$disconnect())
  })
  process.on('SIGUSR2', () => void auth.reloadKeys())
  process.on('unhandledRejection', (error) => http.log.error({ err: error }, 'unhandled rejection'))

  stopMetrics = await startMetrics(settings, metrics)
  // Before it listens, the server fetches keys, migrates and warms up. It does not wait for an unavailable database: a server that
  // responds with 503 is better than none.
  const migrated = settings.production ? migrateWhenReachable(settings, http.log) : Promise.resolve()
  const warmed = async (): Promise<void> => {
    await migrated
    await warmUp(AbortSignal.timeout(prepareMilliseconds))
  }
  await Promise.all([auth.start(), settings.production && atMost(prepareMilliseconds, warmed())])
  const onBothLoopbacks = settings.host === 'localhost'
  await http
    .listen({ host: onBothLoopbacks ? '127.0.0.1' : settings.host, port: settings.port })
    .catch(portTaken(settings.port, 'PORT'))
  // Without a listener a connection that cannot be accepted (too many open files) would end the process.
  http.server.on('error', (error) => http.log.error({ err: error }, 'a connection could not be accepted'))
  if (onBothLoopbacks)
    stopIpv6 = await listenOnIpv6Loopback(http, settings.port).catch(portTaken(settings.port, 'PORT'))
  await migrated
  state.migrated = true
  if (worker) void worker.start()
  else http.log.info('background jobs need a worker process (WORKER=off): npm run worker')
  process.send?.({ ready: true })
}

await run('The API', start, [UnguardedError])
