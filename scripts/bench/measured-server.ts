import { readScriptSettings } from '../env.ts'
import { withDatabase } from '../local/with-database.ts'
import { startServer } from './server.ts'

// The server as a process of its own, so that its CPU time is its own. It tells its parent its address, and its CPU time whenever
// the parent asks. It ends with its parent.

const settings = readScriptSettings()
await withDatabase(async (db) => {
  const server = await startServer({ ...settings, server: { ...settings.server, production: true } }, db)
  const parentGone = new Promise<void>((resolve) => void process.once('disconnect', resolve))
  process.on('message', () => process.send?.({ cpu: process.cpuUsage() }))
  process.send?.({ url: server.url })
  await parentGone
  await server.close()
})
