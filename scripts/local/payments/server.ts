import { createLocalApp, readBodiesAsText, serveOnLoopback } from '../shared/local-app.ts'
import { apiRoutes } from './api/answer.ts'
import { advanceTo } from './billing/due.ts'
import { ClockStream } from './controls/clock-stream.ts'
import { controlRoutes } from './controls/controls.ts'
import { createMove } from './controls/move-clock.ts'
import { Confirmations } from './pages/confirmations.ts'
import { pageRoutes } from './pages/pages.ts'
import type { PaymentSettings } from './settings.ts'
import { Clock } from './state/clock.ts'
import { openStateFile } from './state/file.ts'
import { newId } from './state/ids.ts'
import { Store } from './state/store.ts'
import type { Provider } from './state/provider.ts'
import { createWebhooks } from './webhooks/queue.ts'

/** The interval in which due work is executed without a request, in milliseconds. */
const dueIntervalMs = 1_000

export interface PaymentServer {
  readonly url: string
  /** Resolves when the state is on disk. */
  close(): Promise<void>
}

/**
 * Starts the local payment provider on loopback.
 *
 * @throws Error in one line: the port is taken, or the stored state is damaged
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

  const app = createLocalApp(settings.port)
  readBodiesAsText(app)
  await app.register(apiRoutes(provider), { prefix: '/v1' })
  await app.register(controlRoutes(parts), { prefix: '/_local' })
  pageRoutes(app, parts)
  const listener = await serveOnLoopback(app, settings.port, 'The local payment provider', 'PAYMENTS_PORT')
  wake = () => webhooks.wake()
  // Pending deliveries of an earlier process are tried at once: their receiver may run now.
  for (const one of provider.store.all('delivery')) {
    if (one.state === 'pending') provider.store.put('delivery', { ...one, nextAttemptAt: 0 })
  }
  const timer = setInterval(() => {
    try {
      advanceTo(provider, provider.clock.now())
    } catch (error) {
      console.error('Payment provider:', error)
    }
  }, dueIntervalMs).unref()
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
