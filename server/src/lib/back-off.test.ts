import { expect, test } from '@jest/globals'
import { pauseAfter } from './back-off.ts'

test.each([
  [0, 250],
  [1, 250],
  [2, 500],
  [3, 1_000],
  [4, 1_500],
  [5_000, 1_500],
])('after %i failures the pause is %i ms', (failures, pause) => {
  expect(pauseAfter(failures, { first: 250, longest: 1_500 })).toBe(pause)
})
