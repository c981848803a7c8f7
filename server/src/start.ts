import path from 'node:path'
import { isDatabaseFailure, migrate, reconnectPauses } from './db/index.ts'
import { parseSettings, SettingsError, type Settings } from './env.ts'
import { createClock } from './lib/clock.ts'
import { followClock, type FollowedClock } from './lib/followed-clock.ts'
import { onceAMinute, type Logger } from './lib/logger.ts'
import { serveMetrics, type Metrics } from './lib/metrics.ts'

// Start and stop of a server process: the API or the worker.

/** A stop that takes longer than this is forced. */
const stopWithinMilliseconds = 10_000
/** A Ctrl-C reaches us from the terminal and from npm, a service manager's SIGTERM from it and from npm: that is one. */
const sameRequestMilliseconds = 1_000

/** How long a stop waits for the database to take its leave. Nothing is asked any more. */
export const disconnectMilliseconds = 1_000

/** An expected reason not to start. Its message is for the operator. */
export class StartError extends Error {}

/**
 * Runs a start function with the environment's settings. On an error it prints why and exits with 1.
 *
 * @param expected further errors whose message alone is for the operator
 */
export async function run(
  what: string,
  start: (settings: Settings) => Promise<void>,
  expected: readonly (new (...values: never[]) => Error)[] = [],
): Promise<void> {
  // The reader of our log may exit before us. Pino would then wait forever; with a listener the line is dropped.
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

/** Stops in good order when asked, once; asked again later, at once. */
export function stopOnRequest(log: Logger, stop: () => Promise<void>): void {
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
        log.error({ err: error }, 'the shutdown failed')
        process.exit(1)
      },
    )
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => ask(signal))
  // The one that started us is gone: it cannot stop us any more.
  process.on('disconnect', () => ask('parent gone'))
}

/** Production migrates by itself, one of many starting processes; a database that is not there yet is waited for. */
export async function migrateWhenReachable(settings: Settings, log: Logger): Promise<void> {
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

/** Says which setting names another port. @throws StartError */
export function portTaken(port: number, setting: string): (error: unknown) => never {
  return (error) => {
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    throw taken ? new StartError(`Port ${port} is taken. Stop the program that uses it, or set ${setting}.`) : error
  }
}

/** Creates the clock. Outside production its business time follows the local payment provider. @param log receives a line per change */
export function startClock({ payments }: Settings, log: (line: string) => void): Promise<FollowedClock> {
  const base = payments?.apiBase ?? null
  return base ? followClock(base, log) : Promise.resolve({ ...createClock(), stop: () => undefined })
}

/** Serves the metrics if METRICS_PORT is set. @returns a function that stops it @throws StartError when the port is taken */
export async function startMetrics({ metricsPort }: Settings, metrics: Metrics): Promise<() => void> {
  if (metricsPort === null) return () => undefined
  return serveMetrics(metrics, metricsPort).catch(portTaken(metricsPort, 'METRICS_PORT'))
}
