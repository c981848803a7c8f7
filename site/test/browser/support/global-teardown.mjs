import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { removeRunFolder } from '../../../../server/test/support/run-folder.mjs'

/** Ends what globalSetup started, as Ctrl-C does. */
export default async function globalTeardown() {
  removeRunFolder()
  const { testStart } =
    /** @type {{ testStart?: { child: import('node:child_process').ChildProcess, leftover: string | null } }} */ (
      globalThis
    )
  if (!testStart) return
  const { child, leftover } = testStart
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit')
    child.kill('SIGINT')
    await ended
  }
  if (leftover !== null) await rm(leftover, { recursive: true, force: true })
}
