import path from 'node:path'
import { inspect, parseArgs } from 'node:util'
import { localDatabaseName } from '../../../server/src/local/defaults.ts'
import { SettingsError } from '../../../server/src/env.ts'
import { readScriptSettings } from '../../env.ts'
import { LockHeldError, takeLock } from '../../lock.mjs'
import { requireWritable, storageFailure } from '../../storage-failure.ts'
import { reportReady, runUntilStopped } from '../shared/lifecycle.ts'
import { databaseLock, databasePlace, openDatabaseFolder } from './folder.ts'
import { initialDatabase } from './image.ts'
import { openWireServer, type WireServer } from './wire-server.ts'

// The local database: PGlite on loopback, in the only process that uses its folder.
//
//   --memory        stores nothing; for tests
//   --port 5432     instead of DATABASE_PORT; 0: any free port, which is in the line that reports the start
//   --data-dir x    instead of DATA_DIR
//   --until-unused  when asked to stop, serves its clients until they disconnect, so that several commands share a database
const { values } = parseArgs({
  options: {
    memory: { type: 'boolean', default: false },
    port: { type: 'string' },
    'data-dir': { type: 'string' },
    'until-unused': { type: 'boolean', default: false },
  },
})

const dataFolder = (usual: string): string => path.resolve(values['data-dir'] ?? usual)

function fail(line: string): never {
  process.stderr.write(`${line}\n`)
  process.exit(1)
}

async function main(): Promise<void> {
  const settings = readScriptSettings()
  if (settings.production)
    fail('The local database does not run in production. Set DATABASE_URL to a PostgreSQL database.')
  const port = Number(values.port ?? settings.databasePort)
  const place = databasePlace(dataFolder(settings.dataDir))
  if (!values.memory) await requireWritable(dataFolder(settings.dataDir))
  const lock = values.memory ? null : takeDatabaseLock(place.locks, port)

  let wire: WireServer
  try {
    wire = await openWireServer({
      port,
      // Tests empty their database. A test database must never be the stored one.
      serves: (name) => name === localDatabaseName || (values.memory && name.endsWith('_test')),
      onBroken: (error) => fail(`The local database failed: ${error instanceof Error ? error.message : String(error)}`),
    })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    fail(
      `Port ${port} for the local database is taken. Stop the program that uses it, or set DATABASE_PORT to another port.`,
    )
  }

  const opening = values.memory ? initialDatabase('memory://') : openDatabaseFolder(place.data)
  const stop = async () => {
    const db = await opening
    if (values['until-unused']) await wire.unused()
    await wire.close()
    await db.close()
    lock?.release()
  }
  // There is no time limit for waiting for other clients.
  runUntilStopped(stop, ...(values['until-unused'] ? [null] : []))
  const db = await opening
  // Tells clients which data this database serves, so that they do not change the data of another checkout.
  await db.query("SELECT set_config('gatepost.folder', $1, false)", [values.memory ? 'memory' : place.data])
  await wire.serve(db)
  reportReady(`postgresql://postgres@127.0.0.1:${wire.port}/${localDatabaseName}`)
}

function takeDatabaseLock(folder: string, port: number) {
  try {
    return takeLock(folder, databaseLock, { port })
  } catch (error) {
    if (!(error instanceof LockHeldError)) throw error
    fail(`The local database is already running: ${error.message}, on port ${String(error.owner.note.port)}.`)
  }
}

main().catch((error: unknown) => {
  if (error instanceof SettingsError) fail(error.message)
  fail(`The local database did not start: ${whyNot(error)}`)
})

function whyNot(error: unknown): string {
  const failure = values.memory ? null : storageFailure(error, dataFolder(readScriptSettings().dataDir))
  return failure ?? (error instanceof Error ? error.message : inspect(error, { breakLength: Infinity }))
}
