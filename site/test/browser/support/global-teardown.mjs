import { once } from 'node:events'

/** Ends what globalSetup started, as Ctrl-C does. */
export default async function globalTeardown() {
  const { testStart } = /** @type {{ testStart?: import('node:child_process').ChildProcess }} */ (globalThis)
  if (!testStart || testStart.exitCode !== null) return
  const ended = once(testStart, 'exit')
  testStart.kill('SIGINT')
  await ended
}
