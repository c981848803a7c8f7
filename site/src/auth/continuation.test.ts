import { expect, test } from '@jest/globals'
import { setContinuation, takeContinuation } from './continuation.ts'
import { continuing, home, isContinuing } from './return-address.ts'

test('is taken up once', () => {
  expect(takeContinuation()).toBe(false)
  setContinuation(true)
  expect([takeContinuation(), takeContinuation()]).toEqual([true, false])
})

test('is forgotten by a sign-in that carries nothing on', () => {
  setContinuation(true)
  setContinuation(isContinuing(home))
  expect(takeContinuation()).toBe(false)
})

test('travels with the return address', () => {
  expect(isContinuing(continuing(home))).toBe(true)
  for (const other of [null, undefined, 'continues', { continues: 'true' }, {}]) expect(isContinuing(other)).toBe(false)
})
