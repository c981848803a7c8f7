import { expect, test } from '@jest/globals'
import { readerOf } from './plan-reader.ts'

const viewer = { trialAvailable: true, membership: null, memberships: [], billing: null, gifts: [] }
const nobody = { viewer: null, problem: null }

test.each<[Parameters<typeof readerOf>[0], Parameters<typeof readerOf>[1], string]>([
  ['pending', nobody, 'unknown'],
  ['anonymous', nobody, 'anonymous'],
  ['signed-in', nobody, 'unknown'],
  ['signed-in', { viewer: null, problem: 'api' }, 'unknown'],
  ['signed-in', { viewer: null, problem: 'disabled' }, 'disabled'],
  ['signed-in', { viewer, problem: null }, 'member'],
  // Asked again, and the API is away: what was known stays.
  ['signed-in', { viewer, problem: 'api' }, 'member'],
])('%s, %j: %s', (session, answer, kind) => {
  expect(readerOf(session, answer).kind).toBe(kind)
})
