import { fork, type ChildProcess } from 'node:child_process'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { localDatabaseName } from '../../../server/src/local/defaults.ts'
import type { ScriptSettings } from '../../env.ts'
import { lockOwner } from '../../lock.mjs'
import { databaseLock, databasePlace } from './folder.ts'

export interface RunningDatabase {
  readonly url: string
  /** Releases it. A database that this process started ends as soon as no other client uses it. */
  readonly release: () => Promise<void>
}

/** A first start takes about 3 seconds on a small machine without other load. */
const startTimeoutMs = 60_000
/** How long to wait for a program that listens but does not answer as a database. It may be a database that is just ending. */
const endingTimeoutMs = 2_000
/** How long to wait for the database to end. If it takes longer, it still has other clients. */
const releaseTimeoutMs = 3_000

/** Returns the local database that runs, or starts one. */
export async function localDatabase(settings: ScriptSettings): Promise<RunningDatabase> {
  const place = databasePlace(settings.dataDir)
  const begun = Date.now()
  for (;;) {
    // A database that runs on this data may use another port than the settings.
    const port = Number(lockOwner(place.locks, databaseLock)?.note.port ?? settings.databasePort)
    const url = `postgresql://postgres@127.0.0.1:${port}/${localDatabaseName}`
    try {
      return await useRunning(url, place.data)
    } catch (error) {
      if (error instanceof NotOurs) {
        if (!error.mayPass || Date.now() - begun > endingTimeoutMs) {
          throw new Error(`Port ${port} is taken by ${error.message}. Set DATABASE_PORT to another port.`, {
            cause: error,
          })
        }
      } else {
        const started = await startUnlessRunning(settings, begun)
        if (started) return started
      }
    }
    await sleep(100)
  }
}

/** Returns null if another process was faster. Its database will answer soon. */
async function startUnlessRunning(
  { dataDir, databasePort }: ScriptSettings,
  begun: number,
): Promise<RunningDatabase | null> {
  try {
    return await startDatabase(['--until-unused', '--data-dir', dataDir, '--port', String(databasePort)])
  } catch (error) {
    if (lockOwner(databasePlace(dataDir).locks, databaseLock) && Date.now() - begun < startTimeoutMs) return null
    throw error
  }
}

/**
 * Starts a database process, which ends with this process.
 *
 * @param flags see main.ts
 * @throws Error with the line that the process printed as its reason
 */
export async function startDatabase(flags: readonly string[]): Promise<RunningDatabase> {
  const child = fork(path.join(import.meta.dirname, 'main.ts'), flags, {
    execArgv: ['--import', import.meta.resolve('tsx')],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // In a process group of its own, so that Ctrl-C stops its users first.
    detached: process.platform !== 'win32',
  })
  return { url: await readyUrl(child), release: () => stop(child) }
}

function readyUrl(child: ChildProcess): Promise<string> {
  let complaint = ''
  child.stderr?.on('data', (chunk: Buffer) => (complaint += chunk.toString()))
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve((message as { url: string }).url))
    child.once('close', (code) => reject(new Error(complaint.trim() || `the local database ended with code ${code}`)))
    child.once('error', reject)
  })
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await Promise.race([ended, sleep(releaseTimeoutMs, null, { ref: false })])
  if (child.connected) child.disconnect()
  child.stderr?.destroy()
  child.unref()
}

class NotOurs extends Error {
  readonly mayPass: boolean

  constructor(message: string, mayPass: boolean) {
    super(message)
    this.mayPass = mayPass
  }
}

/**
 * Connects to the local database that runs on a folder, or in memory, for tests. Stays connected to keep it in use.
 *
 * @throws NotOurs if another program answers; another error if no program does
 */
async function useRunning(url: string, folder: string): Promise<RunningDatabase> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000, query_timeout: 10_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const question = "SELECT current_setting('gatepost.folder', true) AS folder"
    const { rows } = await client.query<{ folder: string | null }>(question)
    const served = rows[0]?.folder || 'another PostgreSQL'
    if (served === folder || served === 'memory') return { url, release: () => client.end() }
    throw new NotOurs(served === 'another PostgreSQL' ? served : `the database in ${served}`, false)
  } catch (error) {
    void client.end().catch(() => undefined)
    if (error instanceof NotOurs || (error as NodeJS.ErrnoException).code === 'ECONNREFUSED') throw error
    const refused = error instanceof pg.DatabaseError
    throw new NotOurs(refused ? 'another PostgreSQL' : 'a program that is not a database', !refused)
  }
}
