/** Ends the databases of the tests. */
export default async function globalTeardown() {
  const { testDatabases } = /** @type {{ testDatabases?: import('node:child_process').ChildProcess }} */ (globalThis)
  if (!testDatabases || testDatabases.exitCode !== null) return
  const ended = new Promise((resolve) => testDatabases.once('exit', resolve))
  testDatabases.disconnect()
  await ended
}
