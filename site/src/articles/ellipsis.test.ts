import { expect, test } from '@jest/globals'
import { withEllipsis } from './ellipsis.ts'

test.each([
  ['He said', 'He said …'],
  ['He said so.', 'He said so.'],
  ['He said “so.”', 'He said “so.”'],
  ['Why?', 'Why?'],
  ['Wait…', 'Wait…'],
  ['one, two,', 'one, two, …'],
  ['(He said so.)', '(He said so.)'],
  ['Il a dit « oui ! »', 'Il a dit « oui ! »'],
  ['他说。', '他说。'],
  ['他说：「对！」', '他说：「对！」'],
  ['本当？', '本当？'],
  ['他说', '他说…'],
  ['ภาษาไทย', 'ภาษาไทย…'],
  ['لماذا؟', 'لماذا؟'],
  ['یہ ہے۔', 'یہ ہے۔'],
  ['قال', 'قال …'],
  ['यह है।', 'यह है।'],
  ['Ինչո՞ւ։', 'Ինչո՞ւ։'],
])('%s', (excerpt, shown) => {
  expect(withEllipsis(excerpt)).toBe(shown)
})
