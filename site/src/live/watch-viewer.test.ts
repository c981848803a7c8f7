import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import type { ViewerHoldingsFragment } from '../api/operations.ts'
import type { PageVisibility, Wake } from './page-visibility.ts'
import type { StreamHandlers } from './viewer-stream.ts'
import { watchViewer } from './watch-viewer.ts'

const holdings: ViewerHoldingsFragment = {
  trialAvailable: null,
  purchaseStep: null,
  membership: null,
  memberships: [],
  billing: null,
  gifts: [],
}
const second = 1_000
const minute = 60 * second

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

/** A page whose stream and visibility the test controls. */
function stage({ hidden = false, news = [] as boolean[] } = {}) {
  const log: string[] = []
  const streams: (StreamHandlers & { closed: boolean })[] = []
  let isHidden = hidden
  let listeners: Parameters<PageVisibility['listen']>[0] | null = null
  const stop = watchViewer({
    connect(handlers) {
      const stream = { ...handlers, closed: false }
      streams.push(stream)
      return () => {
        stream.closed = true
      }
    },
    onHoldings: (_standing, first) => log.push(first ? 'first' : 'change'),
    poll: async () => {
      log.push(`ask at ${Math.round(Date.now() / second) - began}`)
      return news.shift() ?? false
    },
    visibility: {
      isHidden: () => isHidden,
      listen(all) {
        listeners = all
        return () => {
          listeners = null
        }
      },
    },
    random: () => 0.5,
  })
  const began = Math.round(Date.now() / second)
  return {
    log,
    streams,
    stop,
    isDeaf: () => listeners === null,
    last: () => {
      const stream = streams.at(-1)
      if (!stream) throw new Error('there is no stream')
      return stream
    },
    hide() {
      isHidden = true
      listeners?.onHide()
    },
    wake(why: Wake) {
      isHidden = false
      listeners?.onWake(why)
    },
    pass: (milliseconds: number) => jest.advanceTimersByTimeAsync(milliseconds),
    /** Ends the stream, as the server or a broken connection does. */
    end(end: Parameters<StreamHandlers['onEnd']>[0]) {
      streams.at(-1)?.onEnd(end)
    },
  }
}
const failed = { kind: 'failed', retryAfterSeconds: null } as const
const completed = { kind: 'completed' } as const

describe('while the stream runs', () => {
  test('the first event is marked as first, and nothing is polled', async () => {
    const { last, log, streams, pass } = stage()
    last().onEvent(holdings)
    await pass(30 * minute)
    last().onEvent(holdings)
    last().onEvent(null)
    expect(log).toEqual(['first', 'change', 'change'])
    expect(streams).toHaveLength(1)
  })

  test('it is reopened at once when its token has expired', async () => {
    const { last, log, streams, end, pass } = stage()
    last().onEvent(holdings)
    await pass(10 * minute)
    end(completed)
    expect(streams).toHaveLength(2)
    last().onEvent(holdings)
    expect(log).toEqual(['first', 'first'])
  })

  test('a stream that ends at once is not reopened at once', async () => {
    const { last, streams, end, pass } = stage()
    for (let round = 0; round < 4; round++) {
      last().onEvent(holdings)
      end(completed)
      await pass(0)
    }
    expect(streams).toHaveLength(1)
    await pass(20 * second)
    expect(streams.length).toBeLessThan(6)
  })
})

describe('hidden', () => {
  test('a hidden page has no connection and polls nothing', async () => {
    const { hide, last, log, pass, streams } = stage()
    last().onEvent(holdings)
    hide()
    expect(last().closed).toBe(true)
    await pass(30 * minute)
    expect(streams).toHaveLength(1)
    expect(log).toEqual(['first'])
  })

  test('shown again, it reconnects, and polls only after a missed change', async () => {
    const { hide, last, log, streams, wake } = stage()
    last().onEvent(holdings)
    hide()
    wake('visible')
    expect(streams).toHaveLength(2)
    last().onEvent(holdings)
    expect(log).toEqual(['first', 'first'])
  })

  test('a page that starts hidden connects when it is shown, and polls', () => {
    const { log, streams, wake } = stage({ hidden: true })
    expect(streams).toHaveLength(0)
    wake('visible')
    expect(streams).toHaveLength(1)
    expect(log).toEqual(['ask at 0'])
  })
})

describe('without a stream', () => {
  test('a silent stream is polled for, then closed, then opened again', async () => {
    const { last, log, pass, streams } = stage()
    await pass(21 * second)
    expect(log).toEqual(['ask at 10', 'ask at 20'])
    expect(streams[0]?.closed).toBe(true)
    await pass(minute)
    expect(streams).toHaveLength(2)
    last().onEvent(holdings)
    const asked = log.length
    await pass(30 * minute)
    expect(log).toHaveLength(asked)
    expect(log.at(-1)).toBe('first')
  })

  test('a late event ends the polling', async () => {
    const { last, log, pass, streams } = stage()
    await pass(12 * second)
    last().onEvent(holdings)
    await pass(20 * minute)
    expect(log).toEqual(['ask at 10', 'first'])
    expect(streams).toHaveLength(1)
  })

  test('broken streams are reopened with growing delays, and polled for after the third', async () => {
    const { end, log, pass, streams } = stage()
    const opened: number[] = []
    for (let now = 0; now < 20; now++) {
      if (streams.length > opened.length) {
        opened.push(now)
        end(failed)
      }
      await pass(second)
    }
    expect(opened).toEqual([0, 1, 3, 7, 15])
    expect(log).toEqual(['ask at 8', 'ask at 18'])
  })

  test('Retry-After of the server is respected', async () => {
    const { end, log, pass, streams } = stage()
    end({ kind: 'failed', retryAfterSeconds: 40 })
    await pass(39 * second)
    expect(streams).toHaveLength(1)
    expect(log).toEqual(['ask at 5', 'ask at 15', 'ask at 35'])
    await pass(2 * second)
    expect(streams).toHaveLength(2)
  })

  test('polling stops after ten minutes without a change', async () => {
    const { log, pass, streams } = stage()
    await pass(20 * minute)
    const [asked, opened] = [log.length, streams.length]
    expect(asked).toBeGreaterThan(10)
    expect(asked).toBeLessThan(16)
    await pass(60 * minute)
    expect([log.length, streams.length]).toEqual([asked, opened])
  })

  test('a change resets the delays', async () => {
    const { log, pass } = stage({ news: [false, false, true] })
    await pass(65 * second)
    expect(log).toEqual(['ask at 10', 'ask at 20', 'ask at 40', 'ask at 45', 'ask at 55'])
  })

  test.each<[Wake, boolean]>([
    ['visible', true],
    ['online', true],
    ['acted', true],
  ])('asleep, it wakes: %s', async (why, wakes) => {
    const { log, pass, streams, wake } = stage()
    await pass(60 * minute)
    const [asked, opened] = [log.length, streams.length]
    wake(why)
    expect([log.length > asked, streams.length > opened]).toEqual([wakes, wakes])
  })

  test('awake, actions of the reader change nothing', async () => {
    const { last, log, pass, streams, wake } = stage()
    wake('acted')
    last().onEvent(holdings)
    await pass(10 * minute)
    wake('acted')
    wake('online')
    expect(log).toEqual(['first'])
    expect(streams).toHaveLength(1)
  })
})

describe('without a token, or refused', () => {
  test('it sleeps, and reconnects when the reader returns', async () => {
    const { end, log, pass, streams, wake } = stage()
    end({ kind: 'refused' })
    await pass(30 * minute)
    expect([log, streams.length]).toEqual([[], 1])
    wake('acted')
    expect(streams).toHaveLength(2)
    end({ kind: 'refused' })
    // Not with each key.
    wake('acted')
    expect(streams).toHaveLength(2)
  })
})

test('stopped, it ignores events and late answers', async () => {
  const { isDeaf, last, log, pass, stop, streams } = stage()
  await pass(9 * second)
  stop()
  expect([isDeaf(), last().closed]).toEqual([true, true])
  await pass(60 * minute)
  expect([log, streams.length]).toEqual([[], 1])
})
