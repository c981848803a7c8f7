import { expect, test } from '@jest/globals'
import type { Visibility } from '../graphql/operations.ts'
import { lockWord } from './visibility.ts'

test.each<[Visibility | 'FRIENDS', string]>([
  ['PUBLIC', 'Free to read'],
  ['MEMBERS', 'With an account'],
  ['PAID', 'For members with a plan'],
  ['PLANS', 'For members with a plan'],
  ['FRIENDS', 'For members'],
])('%s is shown as %j', (visibility, words) => {
  expect(lockWord(visibility as Visibility)).toBe(words)
})
