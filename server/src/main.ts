import path from 'node:path'
import { createApp, type App } from './app.ts'
import { createAuth } from './auth/index.ts'
import { connectDatabase, migrate } from './db/index.ts'
import { parseSettings, SettingsError, type Settings } from './env.ts'
import { UnguardedError } from './graphql/index.ts'
import { createClock } from './lib/clock.ts'
import { createMetrics, serveMetrics } from './lib/metrics.ts'
import { observeAuth } from './observe-auth.ts'

// Starts the API and stops it. The only file that acts on import.

/** A stop that takes longer than this is forced. */
const stopWithinMilliseconds = 10_000
/** How long the load balancer gets to see that we are not ready, before connections close. */
const drainMilliseconds = 250

async function start(settings: Settings): Promise<void> {
  const metrics = createMetrics()
  const clock = createClock()
  /** The log comes with the app, which needs the two that write to it. */
  const late: { log?: App['http']['log'] } = {}
  const auth = createAuth({ settings: settings.auth, clock, observe: (event) => observeAuth(event, metrics, late.log) })
  const db = connectDatabase({
    url: settings.databaseUrl,
    poolMax: settings.databasePoolMax,
    onConnectionLost: (error) => late.log?.warn({ err: error }, 'a database connection was lost'),
  })
  const { http, drain, close } = await createApp({ settings, db, auth, clock, metrics })
  late.log = http.log
  if (settings.production) await migrateWhenReachable(settings, http.log)

  const stopMetrics = settings.metricsPort === null ? () => undefined : serveMetrics(metrics, settings.metricsPort)
  await auth.start()
  await http.listen({ host: settings.host, port: settings.port })

  let stopping = false
  const stop = async (why: string): Promise<void> => {
    if (stopping) process.exit(1)
    stopping = true
    http.log.info({ why }, 'stopping')
    setTimeout(() => process.exit(1), stopWithinMilliseconds).unref()
    drain()
    await new Promise((resolve) => setTimeout(resolve, settings.production ? drainMilliseconds : 0))
    await close()
    auth.stop()
    stopMetrics()
    await db.$disconnect()
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void stop(signal))
  // The one that started us is gone: it cannot stop us any more.
  process.on('disconnect', () => void stop('parent gone'))
  process.on('SIGUSR2', () => void auth.reloadKeys())
  process.on('unhandledRejection', (error) => http.log.error({ err: error }, 'unhandled rejection'))
  // Only now: a signal before its handler is there would end the process.
  process.send?.({ ready: true })
}

/** Production migrates by itself, one of many starting processes; a database that is not there yet is waited for. */
async function migrateWhenReachable(settings: Settings, log: App['http']['log']): Promise<void> {
  const folder = path.resolve(import.meta.dirname, '../../prisma/migrations')
  for (let pauseSeconds = 1; ; pauseSeconds = Math.min(pauseSeconds * 2, 30)) {
    try {
      await migrate({ connectionString: settings.databaseUrl }, folder, (line) => log.info(line))
      return
    } catch (error) {
      log.error({ err: error, pauseSeconds }, 'the database could not be migrated; trying again')
      await new Promise((resolve) => setTimeout(resolve, pauseSeconds * 1000))
    }
  }
}

try {
  await start(parseSettings(process.env))
} catch (error) {
  const known = error instanceof SettingsError || error instanceof UnguardedError
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (known) process.stderr.write(`${error.message}\n`)
  else if (code === 'EADDRINUSE')
    process.stderr.write(`Port ${process.env.PORT || 4000} is taken. Stop what uses it, or set PORT.\n`)
  else
    process.stderr.write(
      `The API could not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    )
  process.exit(1)
}
