import { afterAll, expect, test } from '@jest/globals'
import { z } from 'zod'
import { createPool } from '../../server/src/db/index.ts'
import { enqueue, scheduleJob, type JobKind } from '../../server/src/jobs/index.ts'
import { testDatabase, testDatabaseUrl } from '../../server/test/support/database.ts'
import { drainJobs } from '../../server/test/support/drain-jobs.ts'
import { runJobsCommand } from './command.ts'

const db = await testDatabase()
const pool = createPool({ url: testDatabaseUrl(), poolMax: 1, onConnectionLost: () => undefined })
afterAll(() => pool.end())
const kind: JobKind<{ readonly to: string }> = {
  name: 'test.command',
  policy: { timeoutSeconds: 60, retryLimit: 0 },
  data: z.object({ to: z.string() }),
}
const jobs = (words: string[], asJson = false) => runJobsCommand(pool, words, { asJson, now: new Date() })
const fail = { kind, run: () => Promise.reject<never>(new Error('the address is unknown')) }

test('lists jobs and schedules and retries dead jobs', async () => {
  await db.$executeRaw`DELETE FROM pgboss.job`
  await db.jobSchedule.deleteMany({})
  expect(await jobs([])).toEqual({ output: 'No unfinished jobs.', exitCode: 0 })

  const id = await enqueue(db, kind, { to: 'Ada' })
  await scheduleJob(db, { kind, key: 'x', data: { to: 'Grace' }, dueAt: new Date('2030-01-01') })
  expect(await jobs(['list'])).toEqual({
    output: expect.stringMatching(
      /^1 waiting\n.*test\.command {2}to=Ada.*\n\nScheduled \(business time\):\n2030-01-01T00:00:00Z {2}test\.command {2}x$/s,
    ),
    exitCode: 0,
  })
  await drainJobs([fail])
  expect(await jobs([])).toEqual({
    output: expect.stringMatching(/^1 dead\n.*\n +the address is unknown\n/),
    exitCode: 2,
  })
  const { output } = await jobs([], true)
  expect(JSON.parse(output)).toMatchObject({ jobs: [{ id, state: 'dead' }], schedules: [{ key: 'x' }] })

  expect(await jobs(['retry', id])).toEqual({ output: '1 job queued to run now.', exitCode: 0 })
  expect((await jobs([])).exitCode).toBe(0)
  expect((await jobs(['retry', id])).output).toBe('No job was retried. Only dead and failing jobs can be retried.')
  expect(await jobs(['retry'])).toEqual({ output: 'No dead or failing jobs.', exitCode: 0 })
  // The retried job keeps its id in lists.
  await drainJobs([fail])
  expect((await jobs([])).output).toContain(id)
})

test.each([
  [['retry', 'x'], 'No such job: x'],
  [['remove'], 'Unknown command: remove'],
  [['list', 'x'], 'Unknown command: list x'],
])('%j is refused', async (words, message) => {
  await expect(jobs(words)).rejects.toThrow(message)
})
