import { expect, test } from '@jest/globals'
import { createChangeHub } from './change-hub.ts'

test('notifies the subscribers of a member only', () => {
  const hub = createChangeHub()
  const calls: string[] = []
  hub.subscribe('a', () => calls.push('a1'))
  hub.subscribe('a', () => calls.push('a2'))
  hub.subscribe('b', () => calls.push('b'))
  hub.publish('a')
  expect(calls.splice(0)).toEqual(['a1', 'a2'])
  hub.publish('nobody')
  expect(calls).toEqual([])
  hub.publishAll()
  expect(calls).toEqual(['a1', 'a2', 'b'])
})

test('unsubscribing twice removes one subscription', () => {
  const hub = createChangeHub()
  let calls = 0
  const same = () => void (calls += 1)
  const [first, second] = [hub.subscribe('a', same), hub.subscribe('a', same)]
  expect(hub.size).toBe(2)
  first()
  first()
  hub.publish('a')
  expect([calls, hub.size]).toEqual([1, 1])
  second()
  hub.publishAll()
  expect([calls, hub.size]).toEqual([1, 0])
})

test('a listener may unsubscribe while it is called', () => {
  const hub = createChangeHub()
  let calls = 0
  const stop = hub.subscribe('a', () => stop())
  hub.subscribe('a', () => void (calls += 1))
  hub.publish('a')
  expect([calls, hub.size]).toEqual([1, 1])
})
