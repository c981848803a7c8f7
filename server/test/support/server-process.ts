import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { afterEach } from '@jest/globals'
import { testDatabaseUrl } from './database.ts'
import { ownPorts } from './own-ports.mjs'
import { serverBundle, type Entry } from './server-bundle.ts'
import type { TestIssuer } from './issuer.ts'

export interface RunningProcess {
  readonly child: ChildProcess
  /** Returns the output so far. */
  readonly output: () => string
}

export interface ServerProcess extends RunningProcess {
  readonly url: string
}

const running: ChildProcess[] = []
afterEach(() => running.splice(0).forEach((child) => child.kill('SIGKILL')))

/** Starts a server process with only these settings and its own ports. It is killed after the test. */
export async function run(env: Record<string, string>, entry: Entry = 'main'): Promise<RunningProcess> {
  const child = spawn(process.execPath, ['--enable-source-maps', await serverBundle(entry)], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { PATH: process.env.PATH ?? '', ...(await ownPorts()), ...env },
  })
  running.push(child)
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (text += chunk.toString()))
  return { child, output: () => text }
}

/** Starts the API process with this file's database and waits until it is ready. @throws Error with its output if it exits instead */
export async function startServer(issuer: TestIssuer, extra: Record<string, string> = {}): Promise<ServerProcess> {
  const port = extra.PORT ?? (await ownPorts()).PORT
  const { child, output } = await run({
    PORT: port,
    DATABASE_URL: testDatabaseUrl(),
    AUTH_ISSUER: issuer.url,
    AUTH0_AUDIENCE: issuer.audience,
    ...extra,
  })
  await ready({ child, output })
  return { child, output, url: `http://127.0.0.1:${port}` }
}

/** Starts the worker process with this file's database and waits until it is ready. @throws Error as `startServer` does */
export async function startWorker(extra: Record<string, string> = {}): Promise<RunningProcess> {
  const worker = await run({ DATABASE_URL: testDatabaseUrl(), ...extra }, 'worker')
  await ready(worker)
  return worker
}

const ready = ({ child, output }: RunningProcess): Promise<unknown> =>
  Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => {
      throw new Error(output())
    }),
  ])

export const ended = async (child: ChildProcess): Promise<number | null> =>
  ((await once(child, 'exit')) as [number | null])[0]
