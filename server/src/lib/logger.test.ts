import { expect, test } from '@jest/globals'
import { describeError } from './logger.ts'

const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhdXRoMHx4In0.c2lnbmF0dXJl'

test('an error is logged with up to three causes', () => {
  const error = new Error(jwt)
  error.cause = error
  const described = describeError(error)
  expect(JSON.stringify(described)).not.toContain('eyJ')
  expect(described.cause?.cause?.cause).toBeDefined()
  expect(described.cause?.cause?.cause?.cause).toBeUndefined()
})

test('the stack does not repeat a message of several lines', () => {
  const described = describeError(new Error(`Invalid call:\n{ email: 'jo@example.org' }\n  token: ${jwt}`))
  expect(JSON.stringify(described)).not.toMatch(/jo@|eyJ/)
  expect(described.stack).toMatch(/^ +at .*logger\.test\.ts/)
})

test('properties of an error stay out of the log', () => {
  const described = describeError(
    Object.assign(new Error('x'), { query: 'SELECT 1', parameters: ['secret'], code: '23505' }),
  )
  expect(described).toEqual({ type: 'Error', message: 'x', code: '23505', stack: expect.any(String) })
})

test.each([[null], [undefined], ['text'], [7], [{ secret: 1 }]])(
  'a thrown %p is logged without its properties',
  (value) => {
    expect(describeError(value)).toMatchObject({ type: typeof value, stack: '' })
  },
)
