import { existsSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { Socket } from 'node:net'
import path from 'node:path'
import { listenOnLoopback, listenProblem } from '../shared/loopback.ts'
import { answerUnreadable } from './answer-headers.ts'
import { createSiteApp } from './app.ts'
import { findFile } from './find-file.ts'
import { openRules } from './rules.ts'
import { findPage } from './unbuilt/find-page.ts'
import { openPageRenderer, type PageRenderer } from './unbuilt/page-renderer.ts'
import { createUnbuilt, type Unbuilt } from './unbuilt/unbuilt.ts'

export interface SiteServerOptions {
  /** What the site's build made. */
  readonly folder: string
  readonly port: number
  /** The GraphQL endpoint, which knows what was published after the build. Without it the server is a static host. */
  readonly apiUrl?: string
}

export interface SiteServer {
  readonly url: string
  /** Ends connections too. */
  readonly close: () => Promise<void>
}

/** An API that takes longer is away. */
const apiTimeoutMilliseconds = 3_000

/**
 * Serves a built site on loopback: files, what `_headers` and `_redirects` say, and pages that were published after the build.
 *
 * @throws Error whose message is one line: nothing whole is built yet, one of those two has a line that cannot be read, or the port
 * is taken
 */
export async function startSiteServer({ folder, port, apiUrl }: SiteServerOptions): Promise<SiteServer> {
  const root = await realpath(folder).catch(() => null)
  // The build writes the headers last: without them it was broken off, and its pages would be without protection.
  if (root === null || (await findFile(root, '/')) === null || !existsSync(path.join(root, '_headers'))) {
    throw new Error('the site has not been built. Run `npm run build`.')
  }
  const rules = await openRules(root)
  const renderer = openPageRenderer(root)
  const app = await createSiteApp(root, rules, {
    unbuilt: apiUrl === undefined ? undefined : unbuiltOf(apiUrl, renderer),
  })
  await app.ready()
  const listener = await listenOnLoopback(port, () =>
    createServer((request, response) => app.routing(request, response)).on('clientError', (error, socket) =>
      answerUnreadable(rules.headers(), error, socket as Socket),
    ),
  ).catch((error: unknown) => {
    throw listenProblem(error, port, "The site's server", 'SITE_PORT')
  })
  return {
    url: `http://localhost:${port}/`,
    close: async () => {
      await listener.close()
      await app.close()
      await renderer.close()
    },
  }
}

function unbuiltOf(apiUrl: string, { render }: PageRenderer): Unbuilt {
  const api = { apiUrl, tell: () => undefined, patience: 0, timeoutMilliseconds: apiTimeoutMilliseconds }
  return createUnbuilt({ find: (address) => findPage(address, api), render, now: () => performance.now() })
}
