import { removeRunFolder } from './run-folder.mjs'

/** Ends the databases of the tests and removes what they shared. */
export default async function globalTeardown() {
  removeRunFolder()
  const { testDatabases } = /** @type {{ testDatabases?: import('node:child_process').ChildProcess }} */ (globalThis)
  if (!testDatabases || testDatabases.exitCode !== null) return
  const ended = new Promise((resolve) => testDatabases.once('exit', resolve))
  testDatabases.disconnect()
  // One that is stuck must not keep the whole run.
  setTimeout(() => testDatabases.kill('SIGKILL'), 10_000).unref()
  await ended
}
