import { expect, test } from '@jest/globals'
import { listDescription } from './list-words.ts'

const titled = (...titles: string[]) => titles.map((title) => ({ title }))

test.each([
  [titled('One'), 'Essays: One.'],
  [titled('One', 'Two', 'Three'), 'Essays: One, Two, Three.'],
  [titled('One', 'Two', 'Three', 'Four'), 'Essays: One, Two, Three and more.'],
])('%j', (articles, sentence) => {
  expect(listDescription('Essays', articles)).toBe(sentence)
})
