import { expect, test } from '@jest/globals'
import { atMost } from './deadline.ts'

test.each<[string, number, Promise<unknown>, boolean]>([
  ['is done', 60_000, Promise.resolve('done'), true],
  ['never ends', 1, new Promise(() => undefined), false],
])('waits up to the limit for work that %s', async (_title, milliseconds, work, inTime) => {
  expect(await atMost(milliseconds, work)).toBe(inTime)
})

test('rejects for a failure in time, and ignores a later one', async () => {
  await expect(atMost(60_000, Promise.reject(new Error('no')))).rejects.toThrow('no')
  let fail: (error: Error) => void = () => undefined
  const work = new Promise<void>((_resolve, reject) => (fail = reject))
  expect(await atMost(1, work)).toBe(false)
  fail(new Error('late'))
  await new Promise((resolve) => setImmediate(resolve))
})
