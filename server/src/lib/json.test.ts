import { expect, test } from '@jest/globals'
import { asObject, isObject } from './json.ts'

test.each([
  [{}, true],
  [{ a: 1 }, true],
  [Object.create(null), true],
  [null, false],
  [undefined, false],
  [[], false],
  [[{}], false],
  ['{}', false],
  [7, false],
  [true, false],
  [() => ({}), false],
])('%p is an object: %p', (value: unknown, expected) => {
  expect(isObject(value)).toBe(expected)
  expect(asObject(value)).toBe(expected ? value : null)
})
