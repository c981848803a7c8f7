import { expect, test } from '@jest/globals'
import { atMost } from './at-most.ts'

test.each<[string, number, Promise<unknown>, boolean]>([
  ['is done', 60_000, Promise.resolve('done'), true],
  ['never ends', 1, new Promise(() => undefined), false],
])('work that %s is waited for no longer than the bound', async (_title, milliseconds, work, inTime) => {
  expect(await atMost(milliseconds, work)).toBe(inTime)
})

test('work that fails in time is told, and work that fails later is not', async () => {
  await expect(atMost(60_000, Promise.reject(new Error('no')))).rejects.toThrow('no')
  let fail: (error: Error) => void = () => undefined
  const work = new Promise<void>((_resolve, reject) => (fail = reject))
  expect(await atMost(1, work)).toBe(false)
  fail(new Error('late'))
  await new Promise((resolve) => setImmediate(resolve))
})
