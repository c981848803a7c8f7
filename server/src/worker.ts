import { connectDatabase, listenForChanges } from './db/index.ts'
import type { Settings } from './env.ts'
import { jobsChannel } from './jobs/index.ts'
import { atMost } from './lib/deadline.ts'
import { createLogger, onceAMinute } from './lib/logger.ts'
import { createMetrics } from './lib/metrics.ts'
import { createPublicationWorker } from './publication-jobs.ts'
import { disconnectMilliseconds, migrateWhenReachable, run, startClock, startMetrics, stopOnRequest } from './start.ts'

// Runs background jobs in a separate process, beside API processes with WORKER=off.

async function start(settings: Settings): Promise<void> {
  const log = createLogger(settings.logLevel)
  const metrics = createMetrics()
  const clock = await startClock(settings, (line) => log.info(line))
  const db = connectDatabase({
    url: settings.databaseUrl,
    poolMax: settings.databasePoolMax,
    onConnectionLost: (error) => log.warn({ err: error }, 'a database connection was lost'),
  })
  const worker = createPublicationWorker({ settings, db, clock, metrics, log })
  const feed = listenForChanges({
    connection: { connectionString: settings.databaseListenUrl },
    channels: [jobsChannel],
    onChange: (_channel, kind) => worker.wake(kind),
    onConnected: () => worker.wake(),
    onLost: onceAMinute((error: Error) =>
      log.warn({ err: error }, 'notifications of jobs are interrupted; the worker polls'),
    ),
  })
  let stopMetrics = (): void => undefined
  let isStopping = false
  stopOnRequest(log, async () => {
    isStopping = true
    await worker.stop()
    await feed.stop()
    clock.stop()
    stopMetrics()
    await atMost(disconnectMilliseconds, db.$disconnect())
  })
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'unhandled rejection'))
  stopMetrics = await startMetrics(settings, metrics)
  if (settings.production) await migrateWhenReachable(settings, log)
  await worker.start()
  if (isStopping) return
  log.info('worker started')
  process.send?.({ ready: true })
}

await run('The worker', start)
