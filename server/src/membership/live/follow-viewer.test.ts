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

/** Takes events and answers them, as the resolver does. @returns when they came, since the start */
function take(turn: Date | null = null): number[] {
  const came: number[] = []
  void (async () => {
    for await (const change of events) {
      came.push(clock.business().getTime() - start.getTime())
      change.scheduleRecheck(turn !== null && clock.business() < turn ? turn : null)
    }
  })()
  return came
}
const pass = (milliseconds: number) => jest.advanceTimersByTimeAsync(milliseconds)

test('the first comes at once', async () => {
  const came = take()
  await pass(0)
  expect(came).toEqual([0])
  await pass(day)
  expect(came).toEqual([0])
})

test('a burst is one event', async () => {
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

test('what nobody has taken yet is one event', async () => {
  await events.next()
  for (let count = 0; count < 20; count += 1) {
    hub.publish('m')
    await pass(100)
  }
  const came = take()
  await pass(0)
  expect(came).toEqual([2000])
})

test('an event comes when time turns, however far ahead', async () => {
  const came = take(at(60 * day))
  await pass(60 * day - 1)
  expect(came).toEqual([0])
  await pass(1)
  expect(came).toEqual([0, 60 * day])
  await pass(100 * day)
  expect(came).toEqual([0, 60 * day])
})

test('a change sets the turn anew', async () => {
  const first = await events.next()
  ;(first.value as ViewerChange).scheduleRecheck(at(hour))
  const came = take(at(2 * hour))
  hub.publish('m')
  await pass(3 * hour)
  expect(came).toEqual([50, 2 * hour])
})

test('a turn that an answer expects after the next event is due is not waited for', async () => {
  const { value } = (await events.next()) as { value: ViewerChange }
  hub.publish('m')
  await pass(50)
  value.scheduleRecheck(at(hour))
  const came = take()
  await pass(2 * hour)
  expect(came).toEqual([50])
})

test('business time jumps: what is due comes, the rest waits on', async () => {
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

test('business time jumps ahead and then passes', async () => {
  const came = take(at(30 * day))
  await pass(0)
  offset = 29 * day
  clock.jumped()
  await pass(day)
  expect(came).toEqual([0, 30 * day])
})

test('business time goes back: what it had left behind is looked at again', async () => {
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

test('an event that could not be answered comes again, after growing pauses', async () => {
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

test('once ended it tells nothing more, and whoever waits is released', async () => {
  await events.next()
  const waiting = events.next()
  await events.return?.()
  expect(await waiting).toEqual({ done: true, value: undefined })
  hub.publish('m')
  await pass(day)
  expect(await events.next()).toEqual({ done: true, value: undefined })
})

test('an answer that comes too late sets nothing', async () => {
  const { value } = (await events.next()) as { value: ViewerChange }
  await events.return?.()
  value.scheduleRecheck(at(hour))
  expect(jest.getTimerCount()).toBe(0)
})
