import { expect, test } from '@jest/globals'
import type { ListedJob } from '../../server/src/jobs/index.ts'
import { describeAppointments, describeJobs } from './describe.ts'

const now = new Date('2026-11-30T12:00:00Z')
const before = (seconds: number): Date => new Date(now.getTime() - seconds * 1_000)
const job = (fields: Partial<ListedJob>): ListedJob => ({
  id: 'a1',
  kind: 'billing.provider-task',
  state: 'waits',
  data: { taskId: 't1' },
  attempts: 0,
  nextTry: null,
  createdAt: before(30),
  problem: null,
  ...fields,
})

test('jobs are listed with what went wrong, and how to try the dead again', () => {
  const listed = describeJobs(
    [
      job({ id: 'd1', state: 'dead', attempts: 301, createdAt: before(3 * 86_400), problem: 'no such\n  price' }),
      job({ id: 'f1', state: 'fails', attempts: 1, nextTry: before(-90), createdAt: before(3_000), problem: 'away' }),
      job({ id: 'r1', state: 'runs', attempts: 1, createdAt: before(7_200) }),
      job({ id: 'w1', data: null }),
    ],
    now,
  )
  expect(listed.split('\n')).toEqual([
    '1 dead, 1 failing, 1 running, 1 waiting',
    'dead      d1  billing.provider-task  taskId=t1  since 3 days  301 tries',
    '          no such price',
    'failing   f1  billing.provider-task  taskId=t1  since 50 min  1 try  next in 2 min',
    '          away',
    'running   r1  billing.provider-task  taskId=t1  since 2 h  1 try',
    'waiting   w1  billing.provider-task  since 30 s',
    'npm run jobs -- retry tries the dead again.',
  ])
  expect(describeJobs([], now)).toBe('Nothing is left to do.')
})

test('appointments are listed by their instant', () => {
  const listed = describeAppointments([
    { kind: 'billing.compare', key: '', dueAt: now, everySeconds: 86_400 },
    { kind: 'content.publish', key: 'self-reliance', dueAt: now, everySeconds: null },
  ])
  expect(listed.split('\n')).toEqual([
    '2026-11-30T12:00:00Z  billing.compare  every 24 h',
    '2026-11-30T12:00:00Z  content.publish  self-reliance',
  ])
  expect(describeAppointments([])).toBe('')
})
