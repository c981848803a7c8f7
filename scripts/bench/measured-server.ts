import { readScriptSettings } from '../env.ts'
import { withDatabase } from '../local/with-database.ts'
import { startServer } from './server.ts'

// Runs the server in a separate process, so that its CPU time can be measured. It sends its address to its parent, and its CPU time on
// request. It ends with its parent.

const settings = readScriptSettings()
await withDatabase(async (db) => {
  const server = await startServer({ ...settings, server: { ...settings.server, production: true } }, db)
  const parentGone = new Promise<void>((resolve) => void process.once('disconnect', resolve))
  process.on('message', () => process.send?.({ cpu: process.cpuUsage() }))
  process.send?.({ url: server.url })
  await parentGone
  await server.close()
})
