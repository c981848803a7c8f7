import path from 'node:path'
import { parseArgs } from 'node:util'
import { readScriptSettings } from '../../env.ts'
import { reportReady, runUntilStopped } from '../lifecycle.ts'
import { startSiteServer } from './server.ts'

// The built site on loopback, with what was published since.
//
//   --folder x   instead of the one that was built
const { values } = parseArgs({ options: { folder: { type: 'string' } } })

try {
  const settings = readScriptSettings()
  const folder = path.resolve(values.folder ?? path.join(settings.site.folder, 'public'))
  const server = await startSiteServer({
    folder,
    port: settings.sitePort,
    apiUrl: settings.site.environment.GATSBY_API_URL,
  })
  runUntilStopped(() => server.close())
  reportReady(server.url)
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error)
  console.error(`The site's server could not start: ${reason.replace(/\s*\n\s*/g, ' ')}`)
  process.exit(1)
}
