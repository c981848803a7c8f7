import { expect, test } from '@jest/globals'
import { createChangeHub } from './change-hub.ts'

test('tells those who follow a member, and nobody else', () => {
  const hub = createChangeHub()
  const told: string[] = []
  hub.follow('a', () => told.push('a1'))
  hub.follow('a', () => told.push('a2'))
  hub.follow('b', () => told.push('b'))
  hub.tell('a')
  expect(told.splice(0)).toEqual(['a1', 'a2'])
  hub.tell('nobody')
  expect(told).toEqual([])
  hub.tellAll()
  expect(told).toEqual(['a1', 'a2', 'b'])
})

test('forgets who went, once', () => {
  const hub = createChangeHub()
  let told = 0
  const same = () => void (told += 1)
  const [first, second] = [hub.follow('a', same), hub.follow('a', same)]
  expect(hub.size).toBe(2)
  first()
  first()
  hub.tell('a')
  expect([told, hub.size]).toEqual([1, 1])
  second()
  hub.tellAll()
  expect([told, hub.size]).toEqual([1, 0])
})

test('one who goes while it is told disturbs nobody', () => {
  const hub = createChangeHub()
  let told = 0
  const stop = hub.follow('a', () => stop())
  hub.follow('a', () => void (told += 1))
  hub.tell('a')
  expect([told, hub.size]).toEqual([1, 1])
})
