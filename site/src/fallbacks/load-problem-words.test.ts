import { expect, test } from '@jest/globals'
import { isTemporary, type FailureCause } from '../api/errors.ts'
import { loadProblemWords } from './load-problem-words.ts'

test.each<[FailureCause, string, 'again' | 'sign-in', boolean]>([
  ['api', 'The rest of this article can’t be loaded right now', 'again', true],
  ['busy', 'The rest of this article will take a moment', 'again', true],
  ['provider', 'The rest of this article can’t be loaded right now', 'again', true],
  ['session', 'Your session has ended', 'sign-in', false],
  ['refused', 'Our server doesn’t accept this sign-in', 'sign-in', false],
])('%s: %s, then %s', (cause, title, step, passing) => {
  expect(loadProblemWords(cause, 'The rest of this article')).toMatchObject({ title, step })
  expect(isTemporary(cause)).toBe(passing)
})

test('each cause has its own words', () => {
  const texts = (['api', 'busy', 'provider', 'session', 'refused'] as const).map(
    (cause) => loadProblemWords(cause, 'It').text,
  )
  expect(new Set(texts).size).toBe(5)
})
