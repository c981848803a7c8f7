import { afterEach } from '@jest/globals'
import type { Metrics } from '../../src/lib/metrics.ts'
import type { AnswerError, TestApp } from './app.ts'

export interface StreamEvent {
  readonly event: string
  // Tests reach into answers of many shapes; each asserts what it finds.

  readonly data: any
  readonly errors: AnswerError[] | undefined
}

export interface OpenStream {
  readonly status: number
  readonly headers: Headers
  /** All that came so far. */
  readonly text: () => string
  /** The next event; rejects when none comes in time, or the connection ended. */
  readonly next: () => Promise<StreamEvent>
  /** How many events came that nobody has taken. */
  readonly pending: () => number
  /** Whether the server has ended it, in good order. */
  readonly ended: () => boolean
  readonly close: () => void
}

export const viewerChanged = 'subscription { viewerChanged { id membership { status plan { slug } } } }'

const open = new Set<AbortController>()
afterEach(() => {
  for (const one of open) one.abort()
  open.clear()
})

/** One subscription, read event by event with nothing but fetch. */
export async function openStream(
  { url }: Pick<TestApp, 'url'>,
  {
    query = viewerChanged,
    token,
    headers,
    body,
  }: { query?: string; token?: string | undefined; headers?: Record<string, string>; body?: unknown } = {},
): Promise<OpenStream> {
  const control = new AbortController()
  open.add(control)
  const response = await fetch(`${url}/graphql/stream`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body ?? { query }),
    signal: control.signal,
  })
  let text = ''
  let taken = 0
  let ended = false
  let wake: () => void = () => undefined
  const reading = (async () => {
    const decoder = new TextDecoder()
    for await (const part of response.body ?? []) {
      text += decoder.decode(part as Uint8Array, { stream: true })
      wake()
    }
    ended = true
  })()
  void reading.catch(() => undefined).finally(() => wake())

  const events = () =>
    text
      .split('\n\n')
      .slice(0, -1)
      .filter((block) => block.startsWith('event: '))
  return {
    status: response.status,
    headers: response.headers,
    text: () => text,
    ended: () => ended,
    pending: () => events().length - taken,
    next: async () => {
      const giveUp = Date.now() + 10_000
      while (events().length <= taken) {
        if (ended || Date.now() > giveUp) throw new Error(`no event came; so far: ${text}`)
        await new Promise<void>((resolve) => {
          wake = resolve
          setTimeout(resolve, 100)
        })
      }
      return parse(events()[taken++] ?? '')
    },
    close: () => control.abort(),
  }
}

function parse(block: string): StreamEvent {
  const [first = '', second = ''] = block.split('\n')
  const json = second.slice('data:'.length).trim()
  const { data, errors } = (json === '' ? {} : JSON.parse(json)) as Pick<StreamEvent, 'data' | 'errors'>
  return { event: first.slice('event: '.length), data, errors }
}

/** How many streams an app says that it has open. */
export async function openStreams({ registry }: Metrics): Promise<number> {
  const metric = await registry.getSingleMetric('gatepost_streams_open')?.get()
  return metric?.values[0]?.value ?? 0
}

/** Waits until something holds. */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1_000; tries += 1) {
    if (await holds()) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('it did not come true')
}

/** What a stream brings first, as text. */
export async function firstAnswer(app: Pick<TestApp, 'url'>, question: { query: string; token?: string | undefined }) {
  const stream = await openStream(app, question)
  if (stream.status === 200) await stream.next()
  else await eventually(stream.ended)
  stream.close()
  return { headers: stream.headers, text: stream.text() }
}
