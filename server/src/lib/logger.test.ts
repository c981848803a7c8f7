import { expect, test } from '@jest/globals'
import { describeError } from './logger.ts'

const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhdXRoMHx4In0.c2lnbmF0dXJl'

test('an error is told with its causes, a few of them', () => {
  const error = new Error(jwt)
  error.cause = error
  const told = describeError(error)
  expect(JSON.stringify(told)).not.toContain('eyJ')
  expect(told.cause?.cause?.cause).toBeDefined()
  expect(told.cause?.cause?.cause?.cause).toBeUndefined()
})

test('a message of several lines does not come back as the stack', () => {
  const told = describeError(new Error(`Invalid call:\n{ email: 'jo@example.org' }\n  token: ${jwt}`))
  expect(JSON.stringify(told)).not.toMatch(/jo@|eyJ/)
  expect(told.stack).toMatch(/^ +at .*logger\.test\.ts/)
})

test('properties of an error stay out of the log', () => {
  const told = describeError(
    Object.assign(new Error('x'), { query: 'SELECT 1', parameters: ['secret'], code: '23505' }),
  )
  expect(told).toEqual({ type: 'Error', message: 'x', code: '23505', stack: expect.any(String) })
})

test.each([[null], [undefined], ['text'], [7], [{ secret: 1 }]])('%p is no error and is told all the same', (value) => {
  expect(describeError(value)).toMatchObject({ type: typeof value, stack: '' })
})
