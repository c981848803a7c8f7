import { readScriptSettings, type ScriptSettings } from '../../env.ts'

/** Default time that a stop may take before the process ends anyway. */
const stopTimeoutMs = 5_000

const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

interface LocalServer {
  /** Address where it serves, without secrets. */
  readonly url: string
  readonly close: () => Promise<void>
}

/**
 * Runs a server as this process: starts it, reports that it is ready, and closes it when the process is asked to stop. If the
 * start fails, it prints one line on standard error and exits with code 1.
 *
 * @param what begins the sentence about a failed start, such as `The local identity provider`
 */
export async function runLocalServer(
  what: string,
  start: (settings: ScriptSettings) => Promise<LocalServer>,
): Promise<void> {
  try {
    const server = await start(readScriptSettings())
    runUntilStopped(() => server.close())
    reportReady(server.url)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    console.error(`${what} could not start: ${reason.replace(/\s*\n\s*/g, ' ')}`)
    process.exit(1)
  }
}

/**
 * Ends this process in good order: on SIGTERM, SIGINT or SIGHUP, and when its parent process is gone. The IPC channel to the parent
 * closes even if the parent was killed with -9. If a server ran longer than its parent, the next start would find its port taken.
 *
 * The exit code is 0, or 1 if `stop` fails or takes longer than the timeout.
 *
 * @param stop      closes everything; called once
 * @param timeoutMs how long `stop` may take; default: 5 seconds; null: no limit
 */
export function runUntilStopped(stop: () => Promise<void>, timeoutMs: number | null = stopTimeoutMs): void {
  let stopping = false
  const end = () => {
    // Ctrl-C reaches the whole process group, and the parent's own signal follows it. A second signal is therefore ignored.
    if (stopping) return
    stopping = true
    if (timeoutMs !== null) setTimeout(() => process.exit(1), timeoutMs).unref()
    stop().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  for (const signal of signals) process.on(signal, end)
  // The pipes of a killed parent are closed. An error when writing to them must not interrupt an orderly stop.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  if (process.connected) process.once('disconnect', end)
  // The parent ended during the start. Without a channel from the start, `connected` is undefined.
  else if (process.connected === false) end()
}

/**
 * Reports that this process serves: one line of JSON on standard output, and a message to the parent if there is a channel to it.
 *
 * @param url where it serves, without secrets
 */
export function reportReady(url: string): void {
  process.stdout.write(`${JSON.stringify({ ready: true, url })}\n`)
  // With a callback, a channel that has just closed is not an uncaught error. 'disconnect' then ends this process.
  process.send?.({ ready: true, url }, undefined, {}, () => {})
}
