import type { Delivery } from '../state/notes.ts'
import type { Provider } from '../state/provider.ts'
import { postEvent, type Sent } from './post.ts'

/** The pauses after failed attempts, in milliseconds of wall time. The last one is repeated. */
const pauses = [200, 1_000, 5_000, 15_000, 60_000, 300_000] as const
/** The number of attempts before an event is given up, after a day and a half. */
const maxAttempts = 436
const maxParallelRetries = 4

export interface Webhooks {
  /** Call when there may be something to send. */
  wake(): void
  /** Stops automatic sending. Returns a function that continues it. */
  hold(): () => void
  pause(paused: boolean): void
  /** Waits until each pending event was delivered or has failed once. Does not wait while paused. */
  flush(): Promise<void>
  close(): Promise<void>
}

/**
 * Sends events. First attempts are made one after the other, in the order of the events. Retries are made beside them. As with
 * Stripe, an event may therefore arrive after a later one.
 */
export function createWebhooks(provider: Provider): Webhooks {
  const { store, settings } = provider
  const stopped = new AbortController()
  const running = new Set<string>()
  const work = new Set<Promise<unknown>>()
  const waiting = new Set<() => void>()
  let holds = 0
  let timer: NodeJS.Timeout | null = null
  let scheduled = false

  const pending = () => store.all('delivery').filter((one) => one.state === 'pending')
  const isIdle = () => provider.webhooksPaused || pending().every((one) => one.attempts.length > 0)

  async function send(delivery: Delivery): Promise<void> {
    running.add(delivery.id)
    try {
      const event = store.get('event', delivery.event)
      const { webhookUrl, webhookSecret } = settings
      if (!event || webhookUrl === null) return void store.put('delivery', { ...delivery, state: 'failed' })
      const sent = await postEvent(webhookUrl, webhookSecret, event, stopped.signal)
      // An attempt that a stop interrupted is not a failure of the receiver.
      if (!stopped.signal.aborted) settle(delivery.id, sent)
    } finally {
      running.delete(delivery.id)
    }
  }

  function settle(id: string, { delivered, answer }: Sent): void {
    const before = store.get('delivery', id)
    if (!before) return
    const attempts = [...before.attempts, { at: new Date().toISOString(), answer }]
    const pause = pauses[Math.min(attempts.length, pauses.length) - 1] ?? 0
    store.put('delivery', {
      ...before,
      attempts: attempts.slice(-20),
      state: delivered ? 'delivered' : attempts.length >= maxAttempts ? 'failed' : 'pending',
      nextAttemptAt: Date.now() + pause,
    })
    const event = delivered && store.get('event', before.event)
    if (event) store.put('event', { ...event, pending_webhooks: 0 })
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
    const room = maxParallelRetries - open.filter((one) => running.has(one.id) && one.attempts.length > 0).length
    for (const one of retries.filter(({ nextAttemptAt }) => nextAttemptAt <= now).slice(0, Math.max(0, room)))
      start(one)
    const next = Math.min(...retries.filter((one) => !running.has(one.id)).map((one) => one.nextAttemptAt))
    if (Number.isFinite(next)) timer = setTimeout(turn, Math.max(10, next - now)).unref()
  }

  const wake = () => {
    if (scheduled) return
    scheduled = true
    // The request that caused the events is answered first.
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
