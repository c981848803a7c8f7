import { fork, type ChildProcess } from 'node:child_process'
import path from 'node:path'
import pg from 'pg'
import { localDatabaseName } from '../../../server/src/env.ts'
import type { ScriptSettings } from '../../env.ts'
import { lockOwner } from '../../lock.mjs'
import { databaseLock, databasePlace } from './folder.ts'

export interface RunningDatabase {
  readonly url: string
  /** Ends it, if this process started it. */
  readonly stop: () => Promise<void>
}

/** A first start takes about 3 seconds on a small machine. */
const patienceMilliseconds = 60_000

/** The local database: the one that runs, or one of our own for as long as it is needed. */
export async function localDatabase(settings: ScriptSettings): Promise<RunningDatabase> {
  const giveUp = Date.now() + patienceMilliseconds
  for (;;) {
    const running = await findRunning(settings)
    if (running !== null) return { url: running, stop: async () => undefined }
    try {
      return await startDatabase([])
    } catch (error) {
      // Somebody else started it between our look and our start: use that one.
      if (Date.now() > giveUp || !lockOwner(databasePlace(settings.dataDir).locks, databaseLock)) throw error
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
}

/**
 * Starts a database process, which ends with this one.
 *
 * @param flags `['--memory', '--port', '0']` for one that keeps nothing
 * @throws with the line that the process gave as its reason
 */
export async function startDatabase(flags: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<RunningDatabase> {
  const child = fork(path.join(import.meta.dirname, 'main.ts'), flags, {
    execArgv: ['--import', import.meta.resolve('tsx')],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // Of its own process group: Ctrl-C asks its parent to stop, which still needs it to finish.
    detached: process.platform !== 'win32',
    ...(Object.keys(env).length > 0 && { env }),
  })
  const url = await readyUrl(child)
  child.unref()
  return { url, stop: () => stopChild(child) }
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

function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.ref()
    child.kill('SIGTERM')
  })
}

/**
 * The address of the local database that runs on this data, on whatever port; null: none does.
 *
 * @throws when something else listens on DATABASE_PORT
 */
async function findRunning(settings: ScriptSettings): Promise<string | null> {
  const place = databasePlace(settings.dataDir)
  const owner = lockOwner(place.locks, databaseLock)
  const port = owner ? Number(owner.note.port) : settings.databasePort
  const url = `postgresql://postgres@127.0.0.1:${port}/${localDatabaseName}`
  const folder = await folderServedAt(url)
  if (folder === null || folder === place.data || folder === 'memory') return folder && url
  throw new Error(
    `Port ${port} is not served by this project's database but by ${folder}: set DATABASE_PORT to another port.`,
  )
}

/** Null: nothing listens there. */
async function folderServedAt(url: string): Promise<string | null> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000, query_timeout: 10_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<{ folder: string | null }>(
      `SELECT current_setting('gatepost.folder', true) AS folder`,
    )
    return rows[0]?.folder || 'another PostgreSQL'
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') return null
    return `something else (${error instanceof Error ? error.message : String(error)})`
  } finally {
    await client.end().catch(() => undefined)
  }
}
