import { fork, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'

export interface ChildSpec {
  /** Short: it stands before each of its lines. */
  readonly name: string
  /** A TypeScript file that says `process.send({ ready: true })`, and ends on SIGTERM and when its channel closes. */
  readonly script: string
  /** How long it may take to stop before it is killed. */
  readonly stopWithinMilliseconds: number
}

export interface Children {
  /** Starts a child and resolves when it is ready. @throws StartError */
  readonly start: (spec: ChildSpec) => Promise<void>
  /** Stops one of them. */
  readonly stop: (name: string) => Promise<void>
  /** Stops all, the last started first. */
  readonly stopAll: () => Promise<void>
  /** Ends all at once, with whatever they started. */
  readonly killAll: () => void
}

export interface ChildrenOptions {
  readonly print: (name: string, line: string) => void
  /** A child ended that nobody had asked to, after it had been ready. */
  readonly onDeath: (name: string, why: string) => void
}

/** It said why: its own lines stand above. */
export class StartError extends Error {}

interface Running {
  readonly spec: ChildSpec
  readonly process: ChildProcess
  readonly ended: Promise<string>
  stopping: boolean
}

const readyWithinMilliseconds = 120_000
/** So that a child of its own process group gets no Ctrl-C of ours: what it needs to stop well is still there then. */
const ownGroup = process.platform !== 'win32'

/** The processes of one start. Each has a channel to this one: it ends when this one is gone, even by kill -9. */
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
    // The minus means the whole group.
    process.kill(ownGroup ? -child.pid : child.pid, 'SIGKILL')
  } catch {
    // Gone already.
  }
}

function eachLine(stream: Readable, tell: (line: string) => void): void {
  createInterface({ input: stream }).on('line', tell)
}

/** For whoever starts a double by hand; we have the message. */
const isReadyLine = (line: string): boolean => line.startsWith('{"ready":true')

const isReady = (message: unknown): boolean => typeof message === 'object' && message !== null && 'ready' in message
