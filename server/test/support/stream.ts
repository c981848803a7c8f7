import { afterEach } from '@jest/globals'
import type { Metrics } from '../../src/lib/metrics.ts'
import { eventually } from './eventually.ts'
import type { AnswerError, TestApp } from './app.ts'

export interface StreamEvent {
  readonly event: string
  // `any`, because each test reads another shape and asserts it.

  readonly data: any
  readonly errors: AnswerError[] | undefined
}

export interface OpenStream {
  readonly status: number
  readonly headers: Headers
  /** Returns the text received so far. */
  readonly text: () => string
  /** Returns the next event. Rejects after 10 s without one, and if the connection has ended. */
  readonly next: () => Promise<StreamEvent>
  /** Returns the number of received events that `next` has not returned. */
  readonly pending: () => number
  /** Returns whether the server has ended the stream without an error. */
  readonly ended: () => boolean
  readonly close: () => void
}

export const viewerChanged = 'subscription { viewerChanged { id membership { status plan { slug } } } }'

const open = new Set<AbortController>()
afterEach(() => {
  for (const one of open) one.abort()
  open.clear()
})

/** Opens a subscription with fetch. Closed after the test. */
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

/** Returns the number of open streams in an app's metrics. */
export async function openStreams({ registry }: Metrics): Promise<number> {
  const metric = await registry.getSingleMetric('gatepost_streams_open')?.get()
  return metric?.values[0]?.value ?? 0
}

/** Returns the headers and the text of a stream up to its first event. */
export async function firstAnswer(app: Pick<TestApp, 'url'>, request: { query: string; token?: string | undefined }) {
  const stream = await openStream(app, request)
  if (stream.status === 200) await stream.next()
  else await eventually(stream.ended)
  stream.close()
  return { headers: stream.headers, text: stream.text() }
}
