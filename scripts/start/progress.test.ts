import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { progressMilliseconds, withProgress } from './progress.mjs'

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

test.each([
  ['ends', (): Promise<string> => Promise.resolve('done')],
  ['fails', (): Promise<string> => Promise.reject(new Error('broken'))],
])('reports progress until the work %s', async (_title, end) => {
  const reports: number[] = []
  let finish = () => undefined as void
  const work = new Promise<void>((resolve) => (finish = resolve)).then(end)
  const watched = withProgress(work, (seconds) => void reports.push(seconds)).catch((error: Error) => error.message)
  await jest.advanceTimersByTimeAsync(2 * progressMilliseconds)
  finish()
  expect(['done', 'broken']).toContain(await watched)
  await jest.advanceTimersByTimeAsync(10 * progressMilliseconds)
  expect(reports).toEqual([15, 30])
})
