import { setTimeout as sleep } from 'node:timers/promises'
import { createClock, type Clock } from './clock.ts'

/** A clock whose business time somebody else moves. */
export interface FollowedClock extends Clock {
  /** It stays at the last offset from then on. */
  stop(): void
}

/** The one who moves the clock waits no longer for it to be heard. */
const acknowledgeMilliseconds = 2_000
const shortestPauseMilliseconds = 250
const longestPauseMilliseconds = 5_000
const longestLine = 10_000

/**
 * Follows the business clock of the local payment provider, outside production only: `GET /_local/clock/stream` tells the offset
 * of business time at once and with each move, a line of JSON each. The offset is set, whoever waits for an instant looks
 * again, and only then the line is acknowledged: who moved the clock knows that we are there.
 *
 * While the provider is away the last offset stays, and it is asked again with pauses of 0.25 to 5 seconds. It answers as soon as
 * the first line was heard, the provider turned out to be away, or it has waited for long enough.
 *
 * @param base where the provider listens, on this machine
 * @param log  told in a line of each move, and once of each time that the provider is away
 * @param firstLineMilliseconds how long to wait for the first line
 */
export async function followClock(
  base: URL,
  log: (line: string) => void,
  firstLineMilliseconds = 2_000,
): Promise<FollowedClock> {
  let offset = 0
  let away = false
  let pause = shortestPauseMilliseconds
  const clock = createClock(() => offset)
  const stopping = new AbortController()
  const { signal } = stopping

  async function applyLine(line: string): Promise<void> {
    const { listener, sequence, offsetMilliseconds } = parse(line)
    if (away) log('connected to the business clock again')
    away = false
    pause = shortestPauseMilliseconds
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
      await sleep(pause, undefined, { signal, ref: false }).catch(() => undefined)
      pause = Math.min(2 * pause, longestPauseMilliseconds)
    }
  }

  await Promise.race([
    new Promise<void>((resolve) => void follow(resolve)),
    sleep(firstLineMilliseconds, undefined, { signal, ref: false }).catch(() => undefined),
  ])
  return { ...clock, stop: () => stopping.abort() }
}

/** @throws when it is not what the provider says */
function parse(line: string): { listener: unknown; sequence: unknown; offsetMilliseconds: number } {
  const told = JSON.parse(line) as { listener?: unknown; sequence?: unknown; offsetMilliseconds?: unknown } | null
  const { listener, sequence, offsetMilliseconds } = told ?? {}
  if (typeof offsetMilliseconds !== 'number' || Number.isNaN(new Date(Date.now() + offsetMilliseconds).getTime())) {
    throw new Error('the line has no valid offset')
  }
  return { listener, sequence, offsetMilliseconds }
}

/** The lines of an answer as they come, without empty ones, until it ends. */
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

/** What `fetch` says is only that it failed; why is in the cause. */
function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: unknown }
  const { code, message } = (cause ?? error) as { code?: unknown; message?: unknown }
  return String(code ?? message ?? error)
}
