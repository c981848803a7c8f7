import { expect, test } from '@jest/globals'
import { opening } from './opening.ts'

test.each([
  ['He said', 'He said …'],
  ['He said so.', 'He said so.'],
  ['He said “so.”', 'He said “so.”'],
  ['Why?', 'Why?'],
  ['Wait…', 'Wait…'],
  ['one, two,', 'one, two, …'],
])('%s', (excerpt, shown) => {
  expect(opening(excerpt)).toBe(shown)
})
