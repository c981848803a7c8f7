import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { startTimer } from './timer.ts'

const start = new Date('2026-11-16T12:00:00Z')
const day = 86_400_000
const later = (milliseconds: number): Date => new Date(start.getTime() + milliseconds)
let rung = 0
/** How far the clock that counts is ahead. */
let offset = 0
const read = (): Date => new Date(Date.now() + offset)
const ring = (): void => void (rung += 1)

beforeEach(() => {
  jest.useFakeTimers({ now: start })
  ;[rung, offset] = [0, 0]
})
afterEach(() => {
  jest.useRealTimers()
})

test('rings at its instant, once', () => {
  startTimer(read, later(1000), ring)
  jest.advanceTimersByTime(999)
  expect(rung).toBe(0)
  jest.advanceTimersByTime(1)
  expect(rung).toBe(1)
  jest.advanceTimersByTime(day)
  expect([rung, jest.getTimerCount()]).toEqual([1, 0])
})

test('waits longer than a timer can', () => {
  startTimer(read, later(60 * day), ring)
  jest.advanceTimersByTime(60 * day - 1)
  expect(rung).toBe(0)
  jest.advanceTimersByTime(1)
  expect(rung).toBe(1)
})

test('rings soon for what has passed, not at once', () => {
  startTimer(read, later(-day), ring)
  expect(rung).toBe(0)
  jest.advanceTimersByTime(1)
  expect(rung).toBe(1)
})

test('rings when a look after a jump finds it due', () => {
  const timer = startTimer(read, later(60 * day), ring)
  offset = 59 * day
  timer.check()
  expect([rung, jest.getTimerCount()]).toEqual([0, 1])
  offset = 60 * day
  timer.check()
  timer.check()
  expect([rung, jest.getTimerCount()]).toEqual([1, 0])
})

test('waits on when the clock went back', () => {
  startTimer(read, later(day), ring)
  offset = -day
  jest.advanceTimersByTime(2 * day - 1)
  expect(rung).toBe(0)
  jest.advanceTimersByTime(1)
  expect(rung).toBe(1)
})

test('never rings once cancelled', () => {
  const timer = startTimer(read, later(1000), ring)
  timer.cancel()
  timer.check()
  jest.advanceTimersByTime(day)
  expect([rung, jest.getTimerCount()]).toEqual([0, 0])
})
