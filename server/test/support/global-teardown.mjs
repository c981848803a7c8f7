import { removeRunFolder } from './run-folder.mjs'

/** Stops the databases of the tests and removes the folder of the run. */
export default async function globalTeardown() {
  removeRunFolder()
  const { testDatabases } = /** @type {{ testDatabases?: import('node:child_process').ChildProcess }} */ (globalThis)
  if (!testDatabases || testDatabases.exitCode !== null) return
  const ended = new Promise((resolve) => testDatabases.once('exit', resolve))
  testDatabases.disconnect()
  // A child that hangs must not block the end of the run.
  setTimeout(() => testDatabases.kill('SIGKILL'), 10_000).unref()
  await ended
}
