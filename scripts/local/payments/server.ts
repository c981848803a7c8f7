import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { HttpError } from '../shared/http.ts'
import { isOwnHost, listenOnLoopback, listenProblem } from '../shared/loopback.ts'
import { answerApi } from './api/answer.ts'
import { advanceTo } from './billing/due.ts'
import { ClockStream } from './controls/clock-stream.ts'
import { answerControl } from './controls/controls.ts'
import { createMove } from './controls/move.ts'
import { Confirmations } from './pages/confirmations.ts'
import { noticePage, sendPage } from './pages/page.ts'
import { answerPage } from './pages/pages.ts'
import type { PaymentSettings } from './settings.ts'
import { Clock } from './state/clock.ts'
import { openStateFile } from './state/file.ts'
import { newId } from './state/ids.ts'
import { Store } from './state/store.ts'
import type { Provider } from './state/provider.ts'
import { createWebhooks } from './webhooks/queue.ts'

/** How often it is looked whether time alone made something due, in milliseconds. */
const lookMilliseconds = 1_000

export interface PaymentServer {
  readonly url: string
  /** Waits until what is remembered is on disk. */
  close(): Promise<void>
}

/**
 * Starts the local payment provider on loopback.
 *
 * @throws Error whose message is one line: the port is taken, or the kept state is damaged
 */
export async function startPaymentServer(settings: PaymentSettings): Promise<PaymentServer> {
  const file = await openStateFile(settings.folder, () => ({
    offsetMilliseconds: provider.clock.offsetMilliseconds,
    sequence: provider.sequence,
    webhooksPaused: provider.webhooksPaused,
    tables: provider.store.dump(),
  }))
  const { kept } = file
  const origin = `http://localhost:${settings.port}`
  let wake = () => {}
  const provider: Provider = {
    settings,
    origin,
    store: new Store(kept.tables, () => {
      file.touch()
      wake()
    }),
    clock: new Clock(kept.offsetMilliseconds),
    sequence: kept.sequence,
    request: { id: null, idempotency_key: null },
    silent: false,
    webhooksPaused: kept.webhooksPaused,
  }
  const webhooks = createWebhooks(provider)
  const stream = new ClockStream()
  const move = createMove(provider, webhooks, stream)
  const parts = { provider, webhooks, stream, move, confirmations: new Confirmations(), token: newId('token', 32) }

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isOwnHost(request.headers.host, settings.port))
      throw new HttpError(421, 'The Host header does not name this server.')
    if (!URL.canParse(request.url ?? '', origin)) throw new HttpError(400, 'The address is not valid.')
    const url = new URL(request.url ?? '', origin)
    if (url.pathname.startsWith('/v1/')) return answerApi(provider, request, response, url)
    if (url.pathname.startsWith('/_local/')) return answerControl(parts, request, response, url.pathname)
    sendPage(response, await answerPage(parts, request, url))
  }

  const listener = await listenOnLoopback(settings.port, () =>
    createServer((request, response) => {
      response.setHeader('x-content-type-options', 'nosniff')
      response.setHeader('referrer-policy', 'no-referrer')
      route(request, response).catch((error: unknown) => sendFailure(error, response, settings))
    }),
  ).catch((error: unknown) => {
    throw listenProblem(error, settings.port, 'The local payment provider', 'PAYMENTS_PORT')
  })
  wake = () => webhooks.wake()
  // What was on its way when we stopped is tried at once: whoever did not listen then may do now.
  for (const one of provider.store.all('delivery')) {
    if (one.state === 'pending') provider.store.put('delivery', { ...one, nextAttemptAt: 0 })
  }
  const timer = setInterval(() => {
    try {
      advanceTo(provider, provider.clock.now())
    } catch (error) {
      console.error('Payment provider:', error)
    }
  }, lookMilliseconds).unref()
  return {
    url: `${origin}/`,
    close: async () => {
      clearInterval(timer)
      stream.close()
      await listener.close()
      await webhooks.close()
      await file.flush()
    },
  }
}

function sendFailure(error: unknown, response: ServerResponse, settings: PaymentSettings): void {
  const known = error instanceof HttpError
  if (!known) console.error('Payment provider:', error)
  if (response.headersSent) return void response.destroy()
  const text = known ? error.message : 'The local payment provider failed. See its log in the terminal.'
  sendPage(response, noticePage(known ? error.status : 500, 'This did not work', text, settings.siteOrigins[0]))
}
