import { expect, test } from '@jest/globals'
import { directionOf } from './direction.ts'

test.each([
  ['en', 'LTR'],
  ['zh-Hans', 'LTR'],
  ['th', 'LTR'],
  ['ar', 'RTL'],
  ['he', 'RTL'],
  ['fa-IR', 'RTL'],
  ['ur', 'RTL'],
  ['ku-Arab', 'RTL'],
  ['az', 'LTR'],
  ['az-Arab', 'RTL'],
  ['ar-Latn', 'LTR'],
  [null, 'AUTO'],
  ['qqq', 'AUTO'],
  ['no tag', 'AUTO'],
])('a text in %s runs %s', (lang, direction) => {
  expect(directionOf(lang)).toBe(direction)
})
