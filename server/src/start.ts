import path from 'node:path'
import { isDatabaseFailure, migrate, reconnectPauses } from './db/index.ts'
import { parseSettings, SettingsError, type Settings } from './env.ts'
import { pauseAfter } from './lib/back-off.ts'
import { createClock } from './lib/clock.ts'
import { onceAMinute, type Logger } from './lib/logger.ts'
import { serveMetrics, type Metrics } from './lib/metrics.ts'
import { onStopRequest } from './lib/stop-request.ts'
import type { FollowedClock } from './local/followed-clock.ts'

// Start and stop of a server process: the API or the worker.

/** The process exits after this time even if the stop has not finished. */
const stopWithinMilliseconds = 10_000
/** How long a stop waits for database connections to close. */
export const disconnectMilliseconds = 1_000

/** An expected reason not to start. Its message is for the operator. */
export class StartError extends Error {}

/**
 * Runs a start function with the environment's settings. On an error it prints the reason and exits with 1.
 *
 * @param expected further errors that are printed without their stack
 */
export async function run(
  what: string,
  start: (settings: Settings) => Promise<void>,
  expected: readonly (new (...values: never[]) => Error)[] = [],
): Promise<void> {
  // The process that reads the log may exit first. Pino would then wait forever. With a listener the line is dropped.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  try {
    await start(parseSettings(process.env))
  } catch (error) {
    const known = [SettingsError, StartError, ...expected].some((kind) => error instanceof kind)
    const text = error instanceof Error ? (known ? error.message : (error.stack ?? error.message)) : String(error)
    process.stderr.write(known ? `${text}\n` : `${what} could not start: ${text}\n`)
    process.exit(1)
  }
}

/** Stops gracefully on the first request, and immediately on a later one. */
export function stopOnRequest(log: Logger, stop: () => Promise<void>): void {
  const requestStop = onStopRequest(
    (why) => {
      log.info({ why }, 'stopping')
      setTimeout(() => process.exit(1), stopWithinMilliseconds).unref()
      void stop().then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ err: error }, 'the shutdown failed')
          process.exit(1)
        },
      )
    },
    () => process.exit(1),
  )
  // The parent process has exited and can no longer send a signal.
  process.on('disconnect', () => requestStop('parent gone'))
}

/** Applies pending migrations, and retries while the database is unavailable. For production, where several processes may start at once. */
export async function migrateWhenReachable(settings: Settings, log: Logger): Promise<void> {
  const logUnreachable = onceAMinute((error: unknown) =>
    log.error({ err: error }, 'the database cannot be reached; trying again'),
  )
  const folder = path.resolve(import.meta.dirname, '../../prisma/migrations')
  const connection = { connectionString: settings.databaseUrl, connectionTimeoutMillis: 3_000 }
  for (let failures = 1; ; failures += 1) {
    try {
      await migrate(connection, folder, (line) => log.info(line))
      return
    } catch (error) {
      if (!isDatabaseFailure(error)) throw error
      logUnreachable(error)
      await new Promise((resolve) => setTimeout(resolve, pauseAfter(failures, reconnectPauses)))
    }
  }
}

/** Returns an error handler that names the setting to change if the port is taken. @throws StartError, or the original error */
export function portTaken(port: number, setting: string): (error: unknown) => never {
  return (error) => {
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    throw taken ? new StartError(`Port ${port} is taken. Stop the program that uses it, or set ${setting}.`) : error
  }
}

/** Creates the clock. Outside production its business time follows the local payment provider. @param log receives a line per change */
export async function startClock({ payments }: Settings, log: (line: string) => void): Promise<FollowedClock> {
  const base = payments?.apiBase ?? null
  if (base === null) return { ...createClock(), stop: () => undefined }
  const { followClock } = await import('./local/followed-clock.ts')
  return followClock(base, log)
}

/** Serves the metrics if METRICS_PORT is set. @returns a function that stops the server @throws StartError if the port is taken */
export async function startMetrics({ metricsPort }: Settings, metrics: Metrics): Promise<() => void> {
  if (metricsPort === null) return () => undefined
  return serveMetrics(metrics, metricsPort).catch(portTaken(metricsPort, 'METRICS_PORT'))
}
