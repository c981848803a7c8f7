import { expect, test } from '@jest/globals'
import { createChangeHub } from './change-hub.ts'

test('notifies the subscribers of a member only', () => {
  const hub = createChangeHub()
  const told: string[] = []
  hub.subscribe('a', () => told.push('a1'))
  hub.subscribe('a', () => told.push('a2'))
  hub.subscribe('b', () => told.push('b'))
  hub.publish('a')
  expect(told.splice(0)).toEqual(['a1', 'a2'])
  hub.publish('nobody')
  expect(told).toEqual([])
  hub.publishAll()
  expect(told).toEqual(['a1', 'a2', 'b'])
})

test('unsubscribing twice removes one subscription', () => {
  const hub = createChangeHub()
  let told = 0
  const same = () => void (told += 1)
  const [first, second] = [hub.subscribe('a', same), hub.subscribe('a', same)]
  expect(hub.size).toBe(2)
  first()
  first()
  hub.publish('a')
  expect([told, hub.size]).toEqual([1, 1])
  second()
  hub.publishAll()
  expect([told, hub.size]).toEqual([1, 0])
})

test('a listener may unsubscribe while it is called', () => {
  const hub = createChangeHub()
  let told = 0
  const stop = hub.subscribe('a', () => stop())
  hub.subscribe('a', () => void (told += 1))
  hub.publish('a')
  expect([told, hub.size]).toEqual([1, 1])
})
