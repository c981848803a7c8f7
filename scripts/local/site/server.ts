import { existsSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { Socket } from 'node:net'
import path from 'node:path'
import { listenOnLoopback } from '../loopback.ts'
import { answerUnreadable } from './answer-headers.ts'
import { createSiteApp } from './app.ts'
import { findFile } from './find-file.ts'
import { openRules } from './rules.ts'

export interface SiteServerOptions {
  /** What the site's build made. */
  readonly folder: string
  readonly port: number
}

export interface SiteServer {
  readonly url: string
  /** Ends connections too. */
  readonly close: () => Promise<void>
}

/**
 * Serves a built site on loopback, as a static host would: files, and what `_headers` and `_redirects` say.
 *
 * @throws Error whose message is one line: nothing whole is built yet, one of those two has a line that cannot be read, or the port
 * is taken
 */
export async function startSiteServer({ folder, port }: SiteServerOptions): Promise<SiteServer> {
  const root = await realpath(folder).catch(() => null)
  // The build writes the headers last: without them it was broken off, and its pages would be without protection.
  if (root === null || (await findFile(root, '/')) === null || !existsSync(path.join(root, '_headers'))) {
    throw new Error('there is nothing to serve yet. Run `npm run build`.')
  }
  const rules = await openRules(root)
  const app = await createSiteApp(root, rules)
  await app.ready()
  const servers = await listenOnLoopback({
    port,
    what: "The site's server",
    setting: 'SITE_PORT',
    makeServer: () =>
      createServer((request, response) => app.routing(request, response)).on('clientError', (error, socket) =>
        answerUnreadable(rules.headers(), error, socket as Socket),
      ),
  })
  return {
    url: `http://localhost:${port}/`,
    close: async () => {
      await servers.close()
      await app.close()
    },
  }
}
