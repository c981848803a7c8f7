import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { afterEach } from '@jest/globals'
import { testDatabaseUrl } from './database.ts'
import { ownPorts } from './own-ports.mjs'
import { serverBundle, type Entry } from './server-bundle.ts'
import type { TestIssuer } from './issuer.ts'

export interface RunningProcess {
  readonly child: ChildProcess
  /** All that it wrote so far. */
  readonly output: () => string
}

export interface ServerProcess extends RunningProcess {
  readonly url: string
}

const running: ChildProcess[] = []
afterEach(() => running.splice(0).forEach((child) => child.kill('SIGKILL')))

/** Runs the server as the process that it is, with these settings, ports of its own and nothing else; killed after the test. */
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

/** Runs it over this worker's database and waits until it serves. @throws Error with what it wrote, when it ends instead */
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

/** Does the jobs of this worker's database in a process of its own, and waits until it does. @throws as `startServer` does */
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
