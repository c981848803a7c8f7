import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { createClock, type OffsetClock } from '../../lib/clock.ts'
import { createChangeHub, type ChangeHub } from './change-hub.ts'
import { createFollowViewer, type ViewerChange } from './follow-viewer.ts'

const start = new Date('2026-11-16T12:00:00Z')
const hour = 3_600_000
const day = 24 * hour
const at = (milliseconds: number): Date => new Date(start.getTime() + milliseconds)

let offset: number
let clock: OffsetClock
let hub: ChangeHub
let events: AsyncIterableIterator<ViewerChange>

beforeEach(() => {
  jest.useFakeTimers({ now: start })
  offset = 0
  clock = createClock(() => offset)
  hub = createChangeHub()
  events = createFollowViewer({ hub, clock })('m')
})
afterEach(async () => {
  await events.return?.()
  expect([hub.size, jest.getTimerCount()]).toEqual([0, 0])
  jest.useRealTimers()
})

/** Consumes events as the resolver does. @param boundary the recheck to schedule @returns the times of the events since the start */
function take(boundary: Date | null = null): number[] {
  const came: number[] = []
  void (async () => {
    for await (const change of events) {
      came.push(clock.business().getTime() - start.getTime())
      change.scheduleRecheck(boundary !== null && clock.business() < boundary ? boundary : null)
    }
  })()
  return came
}
const pass = (milliseconds: number) => jest.advanceTimersByTimeAsync(milliseconds)

test('sends the first event immediately', async () => {
  const came = take()
  await pass(0)
  expect(came).toEqual([0])
  await pass(day)
  expect(came).toEqual([0])
})

test('coalesces changes within 50 ms', async () => {
  const came = take()
  await pass(1000)
  for (let count = 0; count < 20; count += 1) hub.publish('m')
  hub.publish('other')
  await pass(10)
  hub.publish('m')
  hub.publishAll()
  await pass(1000)
  expect(came).toEqual([0, 1050])
  hub.publish('m')
  await pass(1000)
  expect(came).toEqual([0, 1050, 2060])
})

test('keeps at most one undelivered event', async () => {
  await events.next()
  for (let count = 0; count < 20; count += 1) {
    hub.publish('m')
    await pass(100)
  }
  const came = take()
  await pass(0)
  expect(came).toEqual([2000])
})

test('sends an event at a recheck 60 days ahead', async () => {
  const came = take(at(60 * day))
  await pass(60 * day - 1)
  expect(came).toEqual([0])
  await pass(1)
  expect(came).toEqual([0, 60 * day])
  await pass(100 * day)
  expect(came).toEqual([0, 60 * day])
})

test('a change replaces the recheck', async () => {
  const first = await events.next()
  ;(first.value as ViewerChange).scheduleRecheck(at(hour))
  const came = take(at(2 * hour))
  hub.publish('m')
  await pass(3 * hour)
  expect(came).toEqual([50, 2 * hour])
})

test('ignores a recheck if another event is due', async () => {
  const { value } = (await events.next()) as { value: ViewerChange }
  hub.publish('m')
  await pass(50)
  value.scheduleRecheck(at(hour))
  const came = take()
  await pass(2 * hour)
  expect(came).toEqual([50])
})

test('a jump of business time sends an event only if due', async () => {
  const came = take(at(30 * day))
  await pass(0)
  offset = 29 * day
  clock.jumped()
  await pass(0)
  expect(came).toEqual([0])
  offset = 31 * day
  clock.jumped()
  await pass(0)
  expect(came).toEqual([0, 31 * day])
})

test('waits the rest of the time after a jump', async () => {
  const came = take(at(30 * day))
  await pass(0)
  offset = 29 * day
  clock.jumped()
  await pass(day)
  expect(came).toEqual([0, 30 * day])
})

test('sends an event when business time goes back', async () => {
  offset = 40 * day
  const came = take(at(30 * day))
  await pass(0)
  offset = 0
  clock.jumped()
  await pass(0)
  expect(came).toEqual([40 * day, 0])
  await pass(30 * day)
  expect(came).toEqual([40 * day, 0, 30 * day])
})

test('repeats a failed event with growing pauses', async () => {
  const came: number[] = []
  void (async () => {
    for await (const change of events) {
      came.push(Date.now() - start.getTime())
      if (came.length === 4) change.scheduleRecheck(null)
    }
  })()
  await pass(hour)
  expect(came).toEqual([0, 2_000, 6_000, 14_000])
})

test('the end resolves a pending next and stops events', async () => {
  await events.next()
  const waiting = events.next()
  await events.return?.()
  expect(await waiting).toEqual({ done: true, value: undefined })
  hub.publish('m')
  await pass(day)
  expect(await events.next()).toEqual({ done: true, value: undefined })
})

test('ignores a recheck after the end', async () => {
  const { value } = (await events.next()) as { value: ViewerChange }
  await events.return?.()
  value.scheduleRecheck(at(hour))
  expect(jest.getTimerCount()).toBe(0)
})
