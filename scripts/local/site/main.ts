import path from 'node:path'
import { parseArgs } from 'node:util'
import { runLocalServer } from '../shared/lifecycle.ts'
import { startSiteServer } from './server.ts'

// Serves the built site on loopback, together with the pages that were published after the build.
//
//   --folder x   the folder to serve; default: the output of the build
const { values } = parseArgs({ options: { folder: { type: 'string' } } })

await runLocalServer("The site's server", (settings) =>
  startSiteServer({
    folder: path.resolve(values.folder ?? path.join(settings.site.folder, 'public')),
    port: settings.sitePort,
    apiUrl: settings.site.environment.GATSBY_API_URL,
  }),
)
