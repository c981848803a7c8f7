import { fork, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'

export interface ChildSpec {
  /** A short name, printed before each of its lines. */
  readonly name: string
  /** A TypeScript file that calls `process.send({ ready: true })`, and ends on SIGTERM and when its channel closes. */
  readonly script: string
  /** How long it may take to stop. It is then killed. */
  readonly stopWithinMilliseconds: number
}

export interface Children {
  /** Starts a child and resolves when it is ready. @throws StartError */
  readonly start: (spec: ChildSpec) => Promise<void>
  /** Stops a child. */
  readonly stop: (name: string) => Promise<void>
  /** Stops all children, the last started first. */
  readonly stopAll: () => Promise<void>
  /** Kills all children immediately, with their own children. */
  readonly killAll: () => void
}

interface ChildrenOptions {
  readonly print: (name: string, line: string) => void
  /** Called when a ready child ended without a request to stop. */
  readonly onDeath: (name: string, why: string) => void
}

/** The child did not start. Its output has the reason. */
export class StartError extends Error {}

interface Running {
  readonly spec: ChildSpec
  readonly process: ChildProcess
  readonly ended: Promise<string>
  stopping: boolean
}

const readyWithinMilliseconds = 120_000
/** Children have their own process groups, so a Ctrl-C reaches only this process, which stops them in order. */
const ownGroup = process.platform !== 'win32'

/** Creates the manager of the processes of a start. Each ends when this process is gone, even after kill -9. */
export function createChildren({ print, onDeath }: ChildrenOptions): Children {
  const running: Running[] = []

  function launch(spec: ChildSpec): Running {
    const child = fork(spec.script, [], {
      execArgv: ['--enable-source-maps', '--import', import.meta.resolve('tsx')],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: ownGroup,
    })
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) eachLine(stream, (line) => void (isReadyLine(line) || print(spec.name, line)))
    }
    const ended = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message))
      child.once('close', (code, signal) => resolve(signal ? `ended by ${signal}` : `ended with code ${code}`))
    })
    const one: Running = { spec, process: child, ended, stopping: false }
    running.push(one)
    return one
  }

  async function start(spec: ChildSpec): Promise<void> {
    const one = launch(spec)
    const ready = new Promise<null>((resolve) => {
      one.process.on('message', (message) => isReady(message) && resolve(null))
    })
    const late = new AbortController()
    const problem = await Promise.race([
      ready,
      one.ended,
      sleep(readyWithinMilliseconds, 'was not ready in time', { signal: late.signal, ref: false }),
    ])
    late.abort()
    if (problem !== null) {
      const expected = one.stopping
      await stopOne(one)
      throw new StartError(expected ? `${spec.name} was stopped` : `${spec.name} did not start: it ${problem}.`)
    }
    void one.ended.then((why) => {
      forget(one)
      if (!one.stopping) onDeath(spec.name, why)
    })
  }

  async function stopOne(one: Running): Promise<void> {
    one.stopping = true
    one.process.kill('SIGTERM')
    const late = new AbortController()
    const inTime = await Promise.race([
      one.ended,
      sleep(one.spec.stopWithinMilliseconds, null, { signal: late.signal }).catch(() => null),
    ])
    late.abort()
    if (inTime === null) {
      print(one.spec.name, 'did not stop and was killed')
      kill(one)
      await one.ended
    }
    forget(one)
  }

  function forget(one: Running): void {
    if (running.includes(one)) running.splice(running.indexOf(one), 1)
  }

  return {
    start,
    stop: async (name) => {
      for (const one of running.filter(({ spec }) => spec.name === name)) await stopOne(one)
    },
    async stopAll() {
      for (const one of running) one.stopping = true
      for (const one of [...running].reverse()) await stopOne(one)
    },
    killAll() {
      for (const one of running) kill(one)
    },
  }
}

function kill({ process: child }: Running): void {
  if (child.pid === undefined) return
  try {
    // A negative id signals the whole process group.
    process.kill(ownGroup ? -child.pid : child.pid, 'SIGKILL')
  } catch {
    // The process has already ended.
  }
}

function eachLine(stream: Readable, tell: (line: string) => void): void {
  createInterface({ input: stream }).on('line', tell)
}

/** Returns whether a line is the ready line, which is for people who start a double by hand. */
const isReadyLine = (line: string): boolean => line.startsWith('{"ready":true')

const isReady = (message: unknown): boolean => typeof message === 'object' && message !== null && 'ready' in message
