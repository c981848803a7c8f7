import { existsSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { Socket } from 'node:net'
import path from 'node:path'
import { listenOnLoopback, listenProblem } from '../shared/loopback.ts'
import { answerUnreadable } from './answer-headers.ts'
import { createSiteApp } from './app.ts'
import { findFile } from './find-file.ts'
import { openRules } from './rules/site-rules.ts'
import { findPage } from './unbuilt/find-page.ts'
import { openPageRenderer, type PageRenderer } from './unbuilt/page-renderer.ts'
import { createUnbuilt, type Unbuilt } from './unbuilt/unbuilt.ts'

interface SiteServerOptions {
  /** The output of the site's build. */
  readonly folder: string
  readonly port: number
  /** The GraphQL endpoint, for pages that were published after the build. Without it the server is a static host. */
  readonly apiUrl?: string
}

export interface SiteServer {
  readonly url: string
  /** Closes connections too. */
  readonly close: () => Promise<void>
}

/** The time limit of a request to the API. */
const apiTimeoutMs = 3_000

/**
 * Serves a built site on loopback: files, the rules of `_headers` and `_redirects`, and pages that were published after the build.
 *
 * @throws Error in one line: there is no complete build, a rule is invalid, or the port is taken
 */
export async function startSiteServer({ folder, port, apiUrl }: SiteServerOptions): Promise<SiteServer> {
  const root = await realpath(folder).catch(() => null)
  // The build writes the headers last. Without them it was interrupted, and its pages would be unprotected.
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
  const api = { apiUrl, tell: () => undefined, patience: 0, timeoutMilliseconds: apiTimeoutMs }
  return createUnbuilt({ find: (address) => findPage(address, api), render, now: () => performance.now() })
}
