import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { dismissAfterReading } from './dismiss-after-reading.ts'

const readingTimeMs = 8_000

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

test('dismisses once, after the reading time', () => {
  const fade = jest.fn()
  dismissAfterReading(() => false, fade)
  jest.advanceTimersByTime(readingTimeMs - 1)
  expect(fade).not.toHaveBeenCalled()
  jest.advanceTimersByTime(10 * readingTimeMs)
  expect(fade).toHaveBeenCalledTimes(1)
})

test('stays while it is held, then for the reading time again', () => {
  const fade = jest.fn()
  let held = true
  dismissAfterReading(() => held, fade)
  jest.advanceTimersByTime(10 * readingTimeMs)
  expect(fade).not.toHaveBeenCalled()
  held = false
  jest.advanceTimersByTime(readingTimeMs)
  expect(fade).toHaveBeenCalledTimes(1)
})

test('does nothing when it was stopped', () => {
  const fade = jest.fn()
  dismissAfterReading(() => false, fade)()
  jest.advanceTimersByTime(10 * readingTimeMs)
  expect(fade).not.toHaveBeenCalled()
})
