import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { startTimer } from './timer.ts'

const start = new Date('2026-11-16T12:00:00Z')
const day = 86_400_000
const later = (milliseconds: number): Date => new Date(start.getTime() + milliseconds)
let calls = 0
/** How far the timer's clock is ahead of `Date.now()`. */
let offset = 0
const read = (): Date => new Date(Date.now() + offset)
const callBack = (): void => void (calls += 1)

beforeEach(() => {
  jest.useFakeTimers({ now: start })
  ;[calls, offset] = [0, 0]
})
afterEach(() => {
  jest.useRealTimers()
})

test('calls back once, at its instant', () => {
  startTimer(read, later(1000), callBack)
  jest.advanceTimersByTime(999)
  expect(calls).toBe(0)
  jest.advanceTimersByTime(1)
  expect(calls).toBe(1)
  jest.advanceTimersByTime(day)
  expect([calls, jest.getTimerCount()]).toEqual([1, 0])
})

test('waits longer than a timer of Node.js can', () => {
  startTimer(read, later(60 * day), callBack)
  jest.advanceTimersByTime(60 * day - 1)
  expect(calls).toBe(0)
  jest.advanceTimersByTime(1)
  expect(calls).toBe(1)
})

test('calls back soon, but not within the call, for a past instant', () => {
  startTimer(read, later(-day), callBack)
  expect(calls).toBe(0)
  jest.advanceTimersByTime(1)
  expect(calls).toBe(1)
})

test('calls back on a check after the clock has jumped', () => {
  const timer = startTimer(read, later(60 * day), callBack)
  offset = 59 * day
  timer.check()
  expect([calls, jest.getTimerCount()]).toEqual([0, 1])
  offset = 60 * day
  timer.check()
  timer.check()
  expect([calls, jest.getTimerCount()]).toEqual([1, 0])
})

test('waits longer after the clock was set back', () => {
  startTimer(read, later(day), callBack)
  offset = -day
  jest.advanceTimersByTime(2 * day - 1)
  expect(calls).toBe(0)
  jest.advanceTimersByTime(1)
  expect(calls).toBe(1)
})

test('does not call back after cancel', () => {
  const timer = startTimer(read, later(1000), callBack)
  timer.cancel()
  timer.check()
  jest.advanceTimersByTime(day)
  expect([calls, jest.getTimerCount()]).toEqual([0, 0])
})
