import { expect, test } from '@jest/globals'
import { redeemRefusal, refusalWords } from './refusal-words.ts'

const codes = [
  'UNAUTHENTICATED',
  'ACCOUNT_DISABLED',
  'NOT_FOUND',
  'RATE_LIMITED',
  'SERVICE_UNAVAILABLE',
  'INTERNAL_SERVER_ERROR',
]
const undone = 'It was not cancelled.'
const message = 'The server’s own words.'

test.each(codes)('%s says what was not done, in words of its own', (code) => {
  const words = refusalWords(code, message, undone)
  expect(words).toMatch(/^It was not cancelled\. [A-Z].+\.$/)
  expect(codes.filter((other) => refusalWords(other, message, undone) === words)).toEqual([code])
})

test('a conflict says what the server says', () => {
  expect(refusalWords('CONFLICT', message, undone)).toBe(message)
  expect(redeemRefusal('CONFLICT', message)).toBe(message)
})

test.each(['INTERNAL_SERVER_ERROR', 'GRAPHQL_VALIDATION_FAILED', 'MOON'])(
  '%s shows nothing of the server’s',
  (code) => {
    expect(refusalWords(code, message, undone)).not.toContain(message)
    expect(redeemRefusal(code, message)).not.toContain(message)
  },
)

test('where nothing answered nobody says that it was not done', () => {
  expect(refusalWords('NO_ANSWER', 'Failed to fetch', undone)).not.toContain(undone)
})

test.each(['NOT_FOUND', 'BAD_USER_INPUT'])('a gift’s code: %s', (code) => {
  expect(redeemRefusal(code, message)).toContain('That code isn’t valid.')
})
