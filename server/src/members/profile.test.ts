import { expect, test } from '@jest/globals'
import { frozenClock } from '../../test/support/clock.ts'
import type { Database } from '../db/index.ts'
import { createProfileRefresher } from './profile.ts'
import type { MemberRow } from './queries.ts'

/** Creates a database double in which every claim succeeds, or `updateMany` decides. */
function fakeDatabase(updateMany: () => Promise<{ count: number }> = () => Promise.resolve({ count: 1 })): Database {
  return { member: { updateMany } } as unknown as Database
}

const member = (id: string, profileAttemptedAt: Date | null = null): MemberRow => ({
  id,
  disabledAt: null,
  name: null,
  email: null,
  picture: null,
  profileFetchedAt: null,
  profileAttemptedAt,
})

function start(db = fakeDatabase()) {
  const clock = frozenClock()
  const failures: unknown[] = []
  const profiles = createProfileRefresher({ db, clock, onFailure: (error) => failures.push(error) })
  let calls = 0
  const fetchProfile = () => {
    calls += 1
    return Promise.resolve({ name: 'Ada', email: null, emailVerified: false, picture: null })
  }
  let members = 0
  /** Refreshes new members concurrently. @returns the number of profiles that were fetched */
  const many = async (count: number): Promise<number> => {
    const before = calls
    await Promise.all(Array.from({ length: count }, () => profiles.refresh(member(`m${members++}`), fetchProfile)))
    return calls - before
  }
  return { profiles, clock, failures, fetchProfile, many, calls: () => calls }
}

test('makes at most four calls in any second', async () => {
  const { many, clock } = start()
  expect(await many(1)).toBe(1)
  clock.advance(0.9)
  expect(await many(50)).toBe(3)
  clock.advance(0.099)
  expect(await many(50)).toBe(0)
  clock.advance(0.001)
  expect(await many(50)).toBe(1)
  clock.advance(0.9)
  expect(await many(50)).toBe(3)
  clock.advance(60)
  expect(await many(50)).toBe(4)
})

test('concurrent refreshes of a member share one call', async () => {
  const { profiles, fetchProfile, calls } = start()
  const answers = await Promise.all(Array.from({ length: 20 }, () => profiles.refresh(member('m'), fetchProfile)))
  expect(calls()).toBe(1)
  for (const answer of answers) expect(answer).toEqual({ name: 'Ada', email: null, picture: null })
})

test('waits twenty minutes after the latest attempt', async () => {
  const { profiles, clock, fetchProfile, calls } = start()
  const attempted = member('m', clock.wall())
  clock.advance(20 * 60 - 0.001)
  expect(await profiles.refresh(attempted, fetchProfile)).toBeNull()
  expect(calls()).toBe(0)
  clock.advance(0.001)
  expect(await profiles.refresh(attempted, fetchProfile)).not.toBeNull()
})

test('makes no call if another process has the claim', async () => {
  const { profiles, fetchProfile, calls } = start(fakeDatabase(() => Promise.resolve({ count: 0 })))
  expect(await profiles.refresh(member('m'), fetchProfile)).toBeNull()
  expect(calls()).toBe(0)
})

test.each([
  ['the provider', fakeDatabase(), () => Promise.reject(new Error('down'))],
  ['the database', fakeDatabase(() => Promise.reject(new Error('down'))), undefined],
])('reports a failure of %s and does not reject', async (_name, db, failing) => {
  const { profiles, failures, fetchProfile } = start(db)
  expect(await profiles.refresh(member('m'), failing ?? fetchProfile)).toBeNull()
  expect(failures).toEqual([new Error('down')])
  await profiles.settled()
})

test('settled resolves after the last call', async () => {
  const { profiles, fetchProfile } = start()
  let answer: () => void = () => undefined
  const slow = new Promise<void>((resolve) => (answer = resolve)).then(fetchProfile)
  const refresh = profiles.refresh(member('m'), () => slow)
  const order: string[] = []
  const settled = profiles.settled().then(() => order.push('settled'))
  void refresh.then(() => order.push('stored'))
  answer()
  await settled
  expect(order).toEqual(['stored', 'settled'])
})
