import { expect, test } from '@jest/globals'
import { createSlots } from './slots.ts'

test('so many run at a time, in their order, also after failures', async () => {
  const inSlot = createSlots(2)
  const begun: number[] = []
  let running = 0
  let most = 0
  const task = (number: number) => async () => {
    begun.push(number)
    most = Math.max(most, (running += 1))
    await new Promise((resolve) => setTimeout(resolve, 1))
    running -= 1
    if (number % 3 === 0) throw new Error('failed')
    return number
  }
  const outcomes = await Promise.allSettled(Array.from({ length: 12 }, (_, number) => inSlot(task(number))))
  expect(most).toBe(2)
  expect(begun).toEqual(Array.from({ length: 12 }, (_, number) => number))
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(8)
  expect(await inSlot(task(1))).toBe(1)
})
