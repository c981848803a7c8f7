import { expect, test } from '@jest/globals'
import { byMonth } from './by-month.ts'

const at = (publishedAt: string) => ({ publishedAt })

test('articles of one month stand together, in their order', () => {
  const [late, early, march, lastYear] = [
    '2026-04-30T23:59:59Z',
    '2026-04-01T00:00:00Z',
    '2026-03-31T23:59:59Z',
    '2025-04-02T00:00:00Z',
  ].map(at)
  expect(byMonth([late, early, march, lastYear].filter((one) => one !== undefined))).toEqual([
    { name: 'April 2026', items: [late, early] },
    { name: 'March 2026', items: [march] },
    { name: 'April 2025', items: [lastYear] },
  ])
  expect(byMonth([])).toEqual([])
})
