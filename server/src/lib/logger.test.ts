import { expect, test } from '@jest/globals'
import { describeError, scrub } from './logger.ts'

const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhdXRoMHx4In0.c2lnbmF0dXJl'

test.each([
  ['a token', `bad token ${jwt}!`, 'bad token [token]!'],
  ['a token without its signature', `${jwt.split('.').slice(0, 2).join('.')}.`, '[token]'],
  ['a bearer header', `Bearer ${jwt}`, 'Bearer [token]'],
  ['an e-mail address', 'for jo.doe+x@mail.example.org now', 'for [e-mail] now'],
  ['an e-mail address in quotes', `email = 'jo@example.org'`, `email = '[e-mail]'`],
  ['two of each', `${jwt} ${jwt} a@b.cd c@d.ef`, '[token] [token] [e-mail] [e-mail]'],
  ['nothing of the kind', 'relation "article" does not exist', 'relation "article" does not exist'],
])('scrub takes out %s', (_title, text, scrubbed) => {
  expect(scrub(text)).toBe(scrubbed)
})

test('no part of a token that was cut off is left over', () => {
  for (let padding = 440; padding < 500; padding += 1) expect(scrub('x'.repeat(padding) + ' ' + jwt)).not.toMatch(/eyJ/)
})

test('a message is cut', () => {
  expect(scrub('x '.repeat(10_000)).length).toBeLessThanOrEqual(500)
})

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
