import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { root } from '../../env.ts'
import { ownPorts } from '../../../server/test/support/own-ports.mjs'

/** The local identity provider as a process of its own, for tests. */
export interface RunningProvider {
  readonly url: string
  readonly siteOrigin: string
  readonly dataDir: string
  readonly process: ChildProcess
  /** Stops the process. Returns its exit code. */
  stop(): Promise<number | null>
}

export interface TestHome {
  readonly dataDir: string
  readonly identityPort: number
  readonly sitePort: number
  /** The settings of all ports. */
  readonly ports: Readonly<Record<string, string>>
  remove(): Promise<void>
}

/** Creates a data folder and reserves ports. */
export async function makeTestHome(): Promise<TestHome> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'gatepost-identity-'))
  const ports = await ownPorts()
  const [identityPort, sitePort] = [Number(ports.IDENTITY_PORT), Number(ports.SITE_PORT)]
  return { dataDir, identityPort, sitePort, ports, remove: () => rm(dataDir, { recursive: true, force: true }) }
}

export async function startTestProvider(home: TestHome): Promise<RunningProvider> {
  const child = spawnScript('scripts/local/identity/main.ts', [], home)
  const output: Buffer[] = []
  child.stderr?.on('data', (chunk: Buffer) => output.push(chunk))
  await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => {
      throw new Error(`The provider ended: ${Buffer.concat(output).toString()}`)
    }),
  ])
  return {
    url: `http://localhost:${home.identityPort}/`,
    siteOrigin: `http://localhost:${home.sitePort}`,
    dataDir: home.dataDir,
    process: child,
    stop: async () => {
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      const [code] = (await exit) as [number | null]
      return code
    },
  }
}

/** Runs a script and returns its output. */
export async function runScript(
  file: string,
  args: readonly string[],
  home: TestHome,
  options: { environment?: Record<string, string>; stdin?: string } = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawnScript(file, args, home, options.environment)
  child.stdin?.end(options.stdin ?? '')
  const texts = { stdout: '', stderr: '' }
  child.stdout?.on('data', (chunk: Buffer) => (texts.stdout += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (texts.stderr += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, ...texts }
}

function spawnScript(file: string, args: readonly string[], home: TestHome, environment: Record<string, string> = {}) {
  return spawn(process.execPath, ['--import', 'tsx', path.join(root, file), ...args], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
    env: {
      NO_DOTENV: '1',
      ...home.ports,
      DATA_DIR: home.dataDir,
      ...environment,
    },
  })
}
