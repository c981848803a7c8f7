import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import type { PageVisibility, Wake } from './page-visibility.ts'
import { runWhenDue } from './run-when-due.ts'

const second = 1_000
const day = 86_400 * second

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

/** A call that is due in a page that the test hides and shows. */
function stage(delay: number, { earlyWhenOnline = false, hidden = false } = {}) {
  let isHidden = hidden
  let listeners: Parameters<PageVisibility['listen']>[0] | null = null
  let runs = 0
  const visibility: PageVisibility = {
    isHidden: () => isHidden,
    listen(all) {
      listeners = all
      return () => {
        listeners = null
      }
    },
  }
  const cancel = runWhenDue(Date.now() + delay, () => (runs += 1), { visibility, earlyWhenOnline })
  return {
    cancel,
    runs: () => runs,
    isListening: () => listeners !== null,
    pass: (milliseconds: number) => jest.advanceTimersByTimeAsync(milliseconds),
    hide() {
      isHidden = true
      listeners?.onHide()
    },
    wake(why: Wake) {
      if (why === 'visible') isHidden = false
      listeners?.onWake(why)
    },
  }
}

test('runs once, when it is due', async () => {
  const { runs, pass, isListening } = stage(10 * second)
  await pass(10 * second - 1)
  expect(runs()).toBe(0)
  await pass(1)
  expect([runs(), isListening()]).toEqual([1, false])
  await pass(day)
  expect(runs()).toBe(1)
})

test('runs at once when the instant has passed', async () => {
  const { runs, pass } = stage(-second)
  expect(runs()).toBe(0)
  await pass(0)
  expect(runs()).toBe(1)
})

test('waits longer than a timer can', async () => {
  const { runs, pass } = stage(60 * day)
  await pass(60 * day - 1)
  expect(runs()).toBe(0)
  await pass(1)
  expect(runs()).toBe(1)
})

test('a hidden page waits until it is visible', async () => {
  const { runs, pass, hide, wake } = stage(10 * second)
  hide()
  await pass(day)
  expect(runs()).toBe(0)
  wake('visible')
  await pass(0)
  expect(runs()).toBe(1)
})

test('a page that is hidden from the start waits, and is not early afterwards', async () => {
  const { runs, pass, wake } = stage(10 * second, { hidden: true })
  await pass(4 * second)
  wake('visible')
  await pass(6 * second - 1)
  expect(runs()).toBe(0)
  await pass(1)
  expect(runs()).toBe(1)
})

test.each([
  [true, 1],
  [false, 0],
])('when the network comes back, early %s: runs %i times', async (earlyWhenOnline, times) => {
  const { runs, pass, wake } = stage(10 * second, { earlyWhenOnline })
  wake('online')
  await pass(second)
  expect(runs()).toBe(times)
})

test('a hidden page remembers that the network came back', async () => {
  const { runs, pass, hide, wake } = stage(day, { earlyWhenOnline: true })
  hide()
  wake('online')
  await pass(second)
  expect(runs()).toBe(0)
  wake('visible')
  await pass(0)
  expect(runs()).toBe(1)
})

test('what the reader does in the page changes nothing', async () => {
  const { runs, pass, wake } = stage(10 * second, { earlyWhenOnline: true })
  wake('acted')
  await pass(9 * second)
  expect(runs()).toBe(0)
})

test('cancelled, it never runs and stops listening', async () => {
  const { runs, pass, cancel, isListening } = stage(second)
  cancel()
  await pass(day)
  expect([runs(), isListening()]).toEqual([0, false])
})
