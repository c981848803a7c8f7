import { setTimeout as sleep } from 'node:timers/promises'
import { pauseAfter } from '../lib/back-off.ts'
import { createClock, type Clock } from '../lib/clock.ts'

/** A clock whose business time another process moves. */
export interface FollowedClock extends Clock {
  /** Stops following. The clock keeps the last offset. */
  stop(): void
}

/** The provider waits this long for an acknowledgement. */
const acknowledgeMilliseconds = 2_000
const reconnectPausesMs = { first: 250, longest: 5_000 }
const longestLine = 10_000

/**
 * Follows the business clock of the local payment provider. Outside production only. `GET /_local/clock/stream` sends the offset of
 * business time as a line of JSON, on connect and after each move. A line is acknowledged after the offset is set and the listeners of
 * `onJump` have run, so the command that moved the clock returns after that.
 *
 * While the provider is unavailable, the clock keeps its last offset and reconnects with pauses of 0.25 to 5 seconds. The promise
 * resolves after the first line, the first failed attempt, or `firstLineMilliseconds`.
 *
 * @param base the provider's address on this machine
 * @param log  called for each move, and once for each outage of the provider
 * @param firstLineMilliseconds longest wait for the first line
 */
export async function followClock(
  base: URL,
  log: (line: string) => void,
  firstLineMilliseconds = 2_000,
): Promise<FollowedClock> {
  let offset = 0
  let away = false
  let failures = 0
  const clock = createClock(() => offset)
  const stopping = new AbortController()
  const { signal } = stopping

  async function applyLine(line: string): Promise<void> {
    const { listener, sequence, offsetMilliseconds } = parse(line)
    if (away) log('connected to the business clock again')
    away = false
    failures = 0
    if (offsetMilliseconds !== offset) {
      offset = offsetMilliseconds
      log(`business time is ${clock.business().toISOString()}`)
      clock.jumped()
    }
    const { body } = await fetch(new URL('/_local/clock/ack', base), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ listener, sequence }),
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(acknowledgeMilliseconds)]),
    })
    await body?.cancel()
  }

  async function follow(known: () => void): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const line of linesOf(new URL('/_local/clock/stream', base), signal)) {
          await applyLine(line)
          known()
        }
      } catch (error) {
        if (!away && !signal.aborted) log(`the business clock cannot be reached: ${reasonOf(error)}`)
        away = true
      }
      known()
      failures += 1
      await sleep(pauseAfter(failures, reconnectPausesMs), undefined, { signal, ref: false }).catch(() => undefined)
    }
  }

  await Promise.race([
    new Promise<void>((resolve) => void follow(resolve)),
    sleep(firstLineMilliseconds, undefined, { signal, ref: false }).catch(() => undefined),
  ])
  return { ...clock, stop: () => stopping.abort() }
}

/** Parses a line of the stream. @throws Error if it has no valid offset */
function parse(line: string): { listener: unknown; sequence: unknown; offsetMilliseconds: number } {
  const parsed = JSON.parse(line) as { listener?: unknown; sequence?: unknown; offsetMilliseconds?: unknown } | null
  const { listener, sequence, offsetMilliseconds } = parsed ?? {}
  if (typeof offsetMilliseconds !== 'number' || Number.isNaN(new Date(Date.now() + offsetMilliseconds).getTime())) {
    throw new Error('the line has no valid offset')
  }
  return { listener, sequence, offsetMilliseconds }
}

/** Yields the lines of a response as they arrive, without empty ones. */
async function* linesOf(url: URL, signal: AbortSignal): AsyncGenerator<string> {
  const response = await fetch(url, { signal, redirect: 'error' })
  if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`)
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of response.body) {
    const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > longestLine) throw new Error('the line is too long')
    yield* lines.filter((line) => line.trim() !== '')
  }
}

/** Returns the reason of a failed `fetch`, which is in the error's cause. */
function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: unknown }
  const { code, message } = (cause ?? error) as { code?: unknown; message?: unknown }
  return String(code ?? message ?? error)
}
