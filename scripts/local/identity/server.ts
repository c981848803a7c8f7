import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { isOwnHost, listenOnLoopback, listenProblem } from '../shared/loopback.ts'
import { addressOf, HttpError } from '../shared/http.ts'
import { asForm } from './json-as-form.ts'
import { homePage } from './home-page.ts'
import { loadKeys } from './keys.ts'
import { problemPage, sendPage } from './page.ts'
import { sendPicture } from './picture.ts'
import { createProvider } from './provider.ts'
import type { IdentitySettings } from './settings.ts'
import { handleSignIn } from './sign-in.ts'
import { handleSignOut } from './sign-out.ts'
import { openStore } from './store.ts'
import { answerUserInfo } from './user-info.ts'

export interface IdentityServer {
  readonly url: string
  /** Waits until what is remembered is on disk. */
  close(): Promise<void>
}

/**
 * Starts the local identity provider on loopback.
 *
 * @throws Error whose message is one line: the port is taken, or the kept keys are damaged
 */
export async function startIdentityServer(settings: IdentitySettings): Promise<IdentityServer> {
  const keys = await loadKeys(settings.folder)
  const store = await openStore(settings.folder)
  const provider = createProvider(settings, keys, store)
  const handleOidc = provider.callback()
  const parts = { settings, keys, store, provider }

  async function route(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    if (!isOwnHost(request.headers.host, settings.port))
      throw new HttpError(421, 'The Host header does not name this server.')
    const { pathname } = addressOf(request, settings.issuer)
    if (pathname === '/') return sendPage(response, homePage(settings))
    const picture = /^\/pictures\/([A-Z]{1,2})\.svg$/.exec(pathname)?.[1]
    if (picture) return sendPicture(response, picture)
    if (pathname.startsWith('/sign-in/')) return handleSignIn(parts, request, response)
    if (pathname === '/v2/logout') return handleSignOut(parts, request, response)
    if (pathname === '/userinfo' && (await answerUserInfo(parts, request, response))) return
    const isJson = pathname === '/oauth/token' && request.headers['content-type']?.startsWith('application/json')
    return handleOidc(isJson ? await asForm(request) : request, response)
  }

  const listener = await listenOnLoopback(settings.port, () =>
    createServer((request, response) => {
      response.setHeader('x-content-type-options', 'nosniff')
      response.setHeader('referrer-policy', 'no-referrer')
      route(request, response).catch((error: unknown) => sendFailure(error, response, settings))
    }),
  ).catch((error: unknown) => {
    throw listenProblem(error, settings.port, 'The local identity provider', 'IDENTITY_PORT')
  })
  return {
    url: settings.issuer,
    close: async () => {
      await listener.close()
      await store.flush()
    },
  }
}

function sendFailure(error: unknown, response: ServerResponse, settings: IdentitySettings): void {
  const known = error instanceof HttpError
  if (!known) console.error(`Identity provider: ${error instanceof Error ? error.message : String(error)}`)
  if (response.headersSent) return void response.destroy()
  const text = known ? error.message : 'The local identity provider failed. See its log in the terminal.'
  sendPage(response, problemPage(known ? error.status : 500, text, settings.siteOrigins[0]))
}
