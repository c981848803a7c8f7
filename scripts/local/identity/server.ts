import type { FastifyError } from 'fastify'
import { createLocalApp, serveOnLoopback } from '../shared/local-app.ts'
import { pictureOf } from './accounts.ts'
import { homePage } from './pages/home-page.ts'
import { loadKeys } from './oidc/keys.ts'
import { problemPage, sendPage } from './pages/page.ts'
import { createProvider } from './oidc/provider.ts'
import type { IdentitySettings } from './settings.ts'
import { signInRoutes } from './sign-in.ts'
import { signOut } from './sign-out.ts'
import { openStore } from './oidc/store.ts'
import { answerUserInfo } from './user-info.ts'

interface IdentityServer {
  readonly url: string
  /** Resolves when the sessions are on disk. */
  close(): Promise<void>
}

/**
 * Starts the local identity provider on loopback.
 *
 * @throws Error in one line: the port is taken, or the stored keys are damaged
 */
export async function startIdentityServer(settings: IdentitySettings): Promise<IdentityServer> {
  const keys = await loadKeys(settings.folder)
  const store = await openStore(settings.folder)
  const provider = createProvider(settings, keys, store)
  const handleOidc = provider.callback()
  const parts = { settings, keys, store, provider }

  const app = createLocalApp(settings.port)
  // oidc-provider reads bodies itself.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _body, done) => done(null))
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    const { statusCode = 500, message } = error
    if (statusCode >= 500) console.error(`Identity provider: ${message}`)
    const text = statusCode < 500 ? message : 'The local identity provider failed. See its log in the terminal.'
    return sendPage(reply, problemPage(statusCode, text, settings.siteOrigins[0]))
  })
  app.get('/', (_request, reply) => sendPage(reply, homePage(settings)))
  app.get<{ Params: { initials: string } }>('/pictures/:initials(^[A-Z]{1,2}).svg', ({ params }, reply) => {
    const { headers, svg } = pictureOf(params.initials)
    return reply.headers(headers).send(svg)
  })
  await app.register(signInRoutes(parts))
  app.get('/v2/logout', (request, reply) => signOut(parts, request, reply))
  app.all('/userinfo', async (request, reply) => {
    if (await answerUserInfo(parts, request, reply)) return reply
    reply.hijack()
    return handleOidc(request.raw, reply.raw)
  })
  app.all('*', (request, reply) => {
    reply.hijack()
    return handleOidc(request.raw, reply.raw)
  })

  const listener = await serveOnLoopback(app, settings.port, 'The local identity provider', 'IDENTITY_PORT')
  return {
    url: settings.issuer,
    close: async () => {
      await listener.close()
      await store.flush()
    },
  }
}
