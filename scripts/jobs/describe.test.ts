import { expect, test } from '@jest/globals'
import type { ListedJob } from '../../server/src/jobs/index.ts'
import { describeSchedules, describeJobs } from './describe.ts'

const now = new Date('2026-11-30T12:00:00Z')
const before = (seconds: number): Date => new Date(now.getTime() - seconds * 1_000)
const job = (fields: Partial<ListedJob>): ListedJob => ({
  id: 'a1',
  rowId: 'a1',
  kind: 'billing.provider-task',
  state: 'waiting',
  data: { taskId: 't1' },
  attempts: 0,
  nextAttemptAt: null,
  createdAt: before(30),
  error: null,
  ...fields,
})

test('jobs are listed with their last error', () => {
  const listed = describeJobs(
    [
      job({ id: 'd1', state: 'dead', attempts: 301, createdAt: before(3 * 86_400), error: 'no such\n  price' }),
      job({
        id: 'f1',
        state: 'failing',
        attempts: 1,
        nextAttemptAt: before(-90),
        createdAt: before(3_000),
        error: 'away',
      }),
      job({ id: 'r1', state: 'running', attempts: 1, createdAt: before(7_200) }),
      job({ id: 'w1', data: null }),
    ],
    now,
  )
  expect(listed.split('\n')).toEqual([
    '1 dead, 1 failing, 1 running, 1 waiting',
    'dead      d1  billing.provider-task  taskId=t1  created 3 days ago  301 attempts',
    '          no such price',
    'failing   f1  billing.provider-task  taskId=t1  created 50 min ago  1 attempt  next in 2 min',
    '          away',
    'running   r1  billing.provider-task  taskId=t1  created 2 h ago  1 attempt',
    'waiting   w1  billing.provider-task  created 30 s ago',
    'To retry dead jobs, run npm run jobs -- retry.',
  ])
  expect(describeJobs([], now)).toBe('No unfinished jobs.')
})

test('schedules are listed', () => {
  const listed = describeSchedules([
    { kind: 'billing.compare', key: '', dueAt: now, everySeconds: 86_400 },
    { kind: 'content.publish', key: 'self-reliance', dueAt: now, everySeconds: null },
  ])
  expect(listed.split('\n')).toEqual([
    'Scheduled (business time):',
    '2026-11-30T12:00:00Z  billing.compare  every 24 h',
    '2026-11-30T12:00:00Z  content.publish  self-reliance',
  ])
  expect(describeSchedules([])).toBe('')
})
