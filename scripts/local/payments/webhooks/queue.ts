import { missing } from '../problem.ts'
import type { Delivery } from '../state/notes.ts'
import { configuredEndpoint, type Provider } from '../state/provider.ts'
import { postEvent, type Sent } from './post.ts'

/** The pauses after failed attempts, in milliseconds of wall time; the last one again and again. */
const pauses = [200, 1_000, 5_000, 15_000, 60_000, 300_000] as const
/** After so many attempts an event is given up: a day and a half. */
const mostAttempts = 436
const mostRetriesAtOnce = 4

export interface Webhooks {
  /** There may be something to send. */
  wake(): void
  /** While it is held nothing is sent by itself; the result lets go. */
  hold(): () => void
  pause(paused: boolean): void
  /** Sends an event now, also again, to everyone it was for. */
  deliver(eventId: string): Promise<Sent[]>
  /** Waits until each pending event was delivered or has failed once. Does not wait while paused. */
  flush(): Promise<void>
  close(): Promise<void>
}

/**
 * Sends events. First attempts go one after the other, in the order in which the events were made; retries run beside them, so
 * that, as with Stripe, an event may come after a later one.
 */
export function createWebhooks(provider: Provider): Webhooks {
  const { store } = provider
  const stopped = new AbortController()
  const running = new Set<string>()
  const work = new Set<Promise<unknown>>()
  const waiting = new Set<() => void>()
  let holds = 0
  let timer: NodeJS.Timeout | null = null
  let scheduled = false

  const pending = () => store.all('delivery').filter((one) => one.state === 'pending')
  const isIdle = () => provider.webhooksPaused || pending().every((one) => one.attempts.length > 0)

  async function send(delivery: Delivery): Promise<Sent> {
    running.add(delivery.id)
    try {
      const target = targetOf(provider, delivery)
      const event = store.get('event', delivery.event)
      if (!target || !event) {
        const gone = { delivered: false, answer: 'gone' }
        store.put('delivery', { ...delivery, state: 'failed' })
        return gone
      }
      const sent = await postEvent(target.url, target.secret, event, stopped.signal)
      // A stop that broke it off is no failure of the receiver.
      if (!stopped.signal.aborted) settle(delivery.id, sent)
      return sent
    } finally {
      running.delete(delivery.id)
    }
  }

  function settle(id: string, { delivered, answer }: Sent): void {
    const before = store.get('delivery', id)
    if (!before) return
    const attempts = [...before.attempts, { at: new Date().toISOString(), answer }]
    const pause = pauses[Math.min(attempts.length, pauses.length) - 1] ?? 0
    const after = store.put('delivery', {
      ...before,
      attempts: attempts.slice(-20),
      state: delivered
        ? 'delivered'
        : before.state === 'delivered'
          ? 'delivered'
          : attempts.length >= mostAttempts
            ? 'failed'
            : 'pending',
      nextAttemptAt: Date.now() + pause,
    })
    if (after.state === 'delivered' && before.state !== 'delivered') {
      const event = store.get('event', after.event)
      if (event) store.put('event', { ...event, pending_webhooks: Math.max(0, event.pending_webhooks - 1) })
    }
  }

  function start(delivery: Delivery): void {
    const task = send(delivery).then(() => {
      work.delete(task)
      turn()
    })
    work.add(task)
  }

  function turn(): void {
    if (timer) clearTimeout(timer)
    timer = null
    if (stopped.signal.aborted) return
    if (isIdle()) for (const done of [...waiting]) done()
    if (holds > 0 || provider.webhooksPaused) return
    const open = pending()
    const first = open.find((one) => one.attempts.length === 0)
    if (first && !open.some((one) => running.has(one.id) && one.attempts.length === 0)) start(first)
    const now = Date.now()
    const retries = open.filter((one) => one.attempts.length > 0 && !running.has(one.id))
    const room = mostRetriesAtOnce - open.filter((one) => running.has(one.id) && one.attempts.length > 0).length
    for (const one of retries.filter(({ nextAttemptAt }) => nextAttemptAt <= now).slice(0, Math.max(0, room)))
      start(one)
    const next = Math.min(...retries.filter((one) => !running.has(one.id)).map((one) => one.nextAttemptAt))
    if (Number.isFinite(next)) timer = setTimeout(turn, Math.max(10, next - now)).unref()
  }

  const wake = () => {
    if (scheduled) return
    scheduled = true
    // The request that made the events is answered first.
    setImmediate(() => {
      scheduled = false
      turn()
    })
  }

  return {
    wake,
    hold: () => {
      holds += 1
      return () => {
        holds -= 1
        wake()
      }
    },
    pause: (paused) => {
      provider.webhooksPaused = paused
      wake()
    },
    deliver: async (eventId) => {
      const deliveries = store.all('delivery').filter((one) => one.event === eventId)
      if (deliveries.length === 0) throw missing('event with an address to send to', eventId)
      return Promise.all(deliveries.map(send))
    },
    flush: async () => {
      wake()
      if (isIdle()) return
      await new Promise<void>((resolve) => {
        const done = () => {
          waiting.delete(done)
          resolve()
        }
        waiting.add(done)
      })
    },
    close: async () => {
      stopped.abort()
      if (timer) clearTimeout(timer)
      for (const done of [...waiting]) done()
      await Promise.allSettled(work)
    },
  }
}

function targetOf({ settings, store }: Provider, { endpoint }: Delivery): { url: string; secret: string } | undefined {
  if (endpoint === configuredEndpoint) {
    return settings.webhookUrl === null ? undefined : { url: settings.webhookUrl, secret: settings.webhookSecret }
  }
  const made = store.get('webhook_endpoint', endpoint)
  const note = store.get('endpointNote', endpoint)
  return made && note ? { url: made.url, secret: note.secret } : undefined
}
