import { afterAll, afterEach, expect, test } from '@jest/globals'
import { getConstructionPlans } from 'pg-boss'
import { z } from 'zod'
import { createPool } from '../src/db/index.ts'
import {
  createBoss,
  createWorker,
  enqueue,
  createHandler,
  listJobs,
  listSchedules,
  retryJobs,
  scheduleJob,
  unscheduleJob,
  type JobDatabase,
  type JobData,
  type JobHandler,
  type JobKind,
  type Worker,
} from '../src/jobs/index.ts'
import { createClock } from '../src/lib/clock.ts'
import { testDatabase, testDatabaseUrl } from './support/database.ts'
import { eventually } from './support/eventually.ts'

// Jobs run at least once, in any process, and at instants of the business clock. Failed jobs are listed and can be retried.

const db = await testDatabase()
const pool = createPool({ url: testDatabaseUrl(), poolMax: 4, onConnectionLost: () => undefined })
const running: Worker[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((worker) => worker.stop()))
  await pool.query('DELETE FROM pgboss.job')
  await db.jobSchedule.deleteMany({})
})
afterAll(() => pool.end())

interface Parcel extends JobData {
  readonly to: string
}
const kindOf = (name: string, retryLimit = 300, timeoutSeconds = 60): JobKind<Parcel> => ({
  name,
  policy: { timeoutSeconds, retryLimit },
  data: z.object({ to: z.string() }),
})
const parcel = kindOf('test.parcel')

/** Starts a worker and records what it reports. */
async function work(
  handlers: readonly JobHandler[],
  more: Partial<Parameters<typeof createWorker>[0]> = {},
): Promise<{ worker: Worker; reports: string[]; dead: number[] }> {
  const reports: string[] = []
  const dead: number[] = []
  const worker = createWorker({
    database: pool,
    clock: createClock(),
    handlers,
    onDone: ({ kind, attempt }) => void reports.push(`${kind} done at attempt ${attempt}`),
    onFailure: (error, { attempt }, isLast) =>
      void reports.push(`attempt ${attempt} failed: ${(error as Error).message}${isLast ? ', the last' : ''}`),
    onDeadCount: (count) => void dead.push(count),
    onError: (error) => void reports.push(`error: ${error.message}`),
    pollSeconds: 1,
    ...more,
  })
  running.push(worker)
  await worker.start()
  return { worker, reports, dead }
}
const until = (isSo: () => boolean): Promise<boolean> => eventually(async () => isSo(), Boolean)

test('a job runs with its data after the commit', async () => {
  const seen: Parcel[] = []
  const { worker, reports } = await work([createHandler(parcel, async ({ data }) => (seen.push(data), {}))])
  await db.$transaction(async (tx) => {
    await enqueue(tx, parcel, { to: 'Ada' })
    worker.wake(parcel.name)
    expect(seen).toEqual([])
  })
  worker.wake(parcel.name)
  await until(() => reports.length > 0)
  expect([seen, reports]).toEqual([[{ to: 'Ada' }], ['test.parcel done at attempt 1']])
})

test('a job of a rolled-back transaction does not exist', async () => {
  const rolledBack = db.$transaction(async (tx) => {
    await enqueue(tx, parcel, { to: 'nobody' })
    throw new Error('rolled back')
  })
  await expect(rolledBack).rejects.toThrow('rolled back')
  expect(await listJobs(pool)).toEqual([])
})

test('a delayed job waits', async () => {
  await enqueue(db, parcel, { to: 'later' }, { delaySeconds: 3600 })
  await enqueue(db, parcel, { to: 'now' })
  const seen: string[] = []
  const { reports } = await work([createHandler(parcel, async ({ data }) => (seen.push(data.to), {}))])
  await until(() => reports.length > 0)
  const left = await eventually(
    () => listJobs(pool),
    ({ length }) => length === 1,
  )
  expect([seen, left]).toEqual([['now'], [expect.objectContaining({ state: 'waiting', attempts: 0 })]])
})

test('a job that always fails ends as dead and can be retried', async () => {
  const twice = kindOf('test.twice', 1)
  let isWell = false
  const id = await enqueue(db, twice, { to: 'Ada' })
  const { reports, dead } = await work([
    createHandler(twice, async () => {
      if (!isWell) throw new Error('the post office is closed', { cause: new Error('to sk_live_abc') })
      return {}
    }),
  ])
  await until(() => reports.length === 1)
  const failing = await eventually(
    () => listJobs(pool),
    ([job]) => job?.state === 'failing',
  )
  expect(failing).toEqual([
    expect.objectContaining({
      id,
      kind: 'test.twice',
      attempts: 1,
      error: 'the post office is closed (Error: to [token])',
    }),
  ])
  // Skips the pause.
  expect(await retryJobs(pool)).toBe(1)
  await until(() => dead.length === 1)
  expect(dead).toEqual([1])
  expect(reports).toEqual([
    'attempt 1 failed: the post office is closed',
    'attempt 2 failed: the post office is closed, the last',
  ])
  expect(await listJobs(pool)).toEqual([
    expect.objectContaining({
      kind: 'test.twice',
      state: 'dead',
      attempts: 2,
      data: { to: 'Ada' },
      nextAttemptAt: null,
    }),
  ])
  isWell = true
  expect(await retryJobs(pool, ['00000000-0000-4000-8000-000000000000'])).toBe(0)
  expect(await retryJobs(pool)).toBe(1)
  await until(() => reports.length === 3 && dead.length === 2)
  expect([reports[2], dead]).toEqual(['test.twice done at attempt 1', [1, 0]])
  await eventually(
    () => listJobs(pool),
    ({ length }) => length === 0,
  )
})

test('the job of a killed process is run by another', async () => {
  await enqueue(db, parcel, { to: 'Ada' })
  let begun = false
  const query: JobDatabase['query'] = (sql, values) =>
    begun ? Promise.reject(new Error('gone')) : pool.query(sql, values)
  await work([createHandler(parcel, () => ((begun = true), new Promise(() => undefined)))], { database: { query } })
  await until(() => begun)
  // Skips the wait for the heartbeat to be missed.
  await pool.query(`UPDATE pgboss.job SET heartbeat_on = now() - interval '1 minute' WHERE state = 'active'`)
  const { reports } = await work([createHandler(parcel, async () => ({}))])
  await until(() => reports.length > 0)
  expect(reports).toEqual(['test.parcel done at attempt 2'])
})

test('a stopped worker takes no jobs and gives up running ones', async () => {
  await enqueue(db, parcel, { to: 'Ada' })
  let begun = 0
  const endless = createHandler(parcel, () => ((begun += 1), new Promise(() => undefined)))
  const { worker, reports } = await work([endless])
  await until(() => begun === 1)
  await worker.stop()
  await enqueue(db, parcel, { to: 'Grace' })
  worker.wake()
  expect([begun, reports]).toEqual([1, ['attempt 1 failed: the process stopped during the attempt']])
  expect((await listJobs(pool)).map(({ state, attempts }) => [state, attempts])).toEqual([
    ['failing', 1],
    ['waiting', 0],
  ])
})

test('a stop ends a start that waits for the database', async () => {
  const reports: Error[] = []
  const query: JobDatabase['query'] = () => Promise.reject(new Error('away'))
  const worker = createWorker({
    database: { query },
    clock: createClock(),
    handlers: [],
    onDone: () => undefined,
    onFailure: () => undefined,
    onDeadCount: () => undefined,
    onError: (error) => void reports.push(error),
  })
  const started = worker.start()
  await until(() => reports.length > 0)
  await worker.stop()
  await started
  expect(reports[0]?.message).toBe('away')
})

test('a job with unreadable data fails and is kept', async () => {
  const strict = kindOf('test.strict')
  await enqueue<JobData>(db, { ...strict, data: z.any() }, { recipient: 'Ada' })
  const { reports } = await work([createHandler(strict, async () => ({}))])
  await until(() => reports.length > 0)
  expect(reports).toEqual([expect.stringMatching(/^attempt 1 failed: this version cannot read .*to: /)])
})

/** A clock with a business time that the test moves. */
function jumpyClock() {
  let ahead = 0
  const clock = createClock(() => ahead)
  return {
    clock,
    jump(days: number) {
      ahead += days * 86_400_000
      clock.jumped()
    },
  }
}

test('an attempt that takes too long is reported and retried', async () => {
  const quick = kindOf('test.quick', 0, 1)
  const id = await enqueue(db, quick, { to: 'Ada' })
  const { reports } = await work([createHandler(quick, () => new Promise(() => undefined))])
  await until(() => reports.length > 0)
  expect(reports).toEqual([
    expect.stringMatching(/^attempt 1 failed: the attempt took longer than its timeout, the last$/),
  ])
  const listed = await eventually(
    () => listJobs(pool),
    ([job]) => job?.state === 'dead',
  )
  expect(listed).toEqual([expect.objectContaining({ id, error: 'the attempt took longer than its timeout' })])
  // By the id in the log.
  expect(await retryJobs(pool, [id])).toBe(1)
})

test('reports an outage of the database and continues after it', async () => {
  let isAway = false
  const query: JobDatabase['query'] = (sql, values) =>
    isAway ? Promise.reject(new Error('away')) : pool.query(sql, values)
  const { reports, worker } = await work([createHandler(parcel, async () => ({}))], { database: { query } })
  isAway = true
  worker.wake()
  await until(() => reports.length > 1)
  expect(new Set(reports.map((line) => line.replace(/ \(Queue.*/, '')))).toEqual(new Set(['error: away']))
  isAway = false
  await enqueue(db, parcel, { to: 'Ada' })
  await until(() => reports.includes('test.parcel done at attempt 1'))
})

test('enqueues more jobs than fit in one statement', async () => {
  const dueAt = new Date(0)
  for (let count = 0; count < 130; count += 1) {
    await scheduleJob(db, { kind: parcel, key: String(count), data: { to: String(count) }, dueAt })
  }
  const seen = new Set<string>()
  await work([createHandler(parcel, async ({ data }) => (seen.add(data.to), {}))])
  await until(() => seen.size === 130)
})

test('after a jump of a month, due jobs run once and recurring ones recur', async () => {
  const daily = { ...kindOf('test.daily'), data: z.object({}) }
  const { clock, jump } = jumpyClock()
  const recurringJobs = [{ kind: daily, everySeconds: 86_400 }]
  const seen: string[] = []
  const both = [
    createHandler(parcel, async ({ data }) => (seen.push(data.to), {})),
    createHandler(daily, async () => (seen.push('daily'), {})),
  ]
  const { reports } = await work(both, { clock, recurringJobs })
  // A second process.
  await work(both, { clock, recurringJobs })
  const inDays = (days: number) => new Date(clock.business().getTime() + days * 86_400_000)
  for (const [key, days] of Object.entries({ Ada: 3, Grace: 29, Edith: 40, nobody: 5 })) {
    await scheduleJob(db, { kind: parcel, key, data: { to: key }, dueAt: inDays(days) })
  }
  await unscheduleJob(db, parcel, 'nobody')
  // Postponed.
  await scheduleJob(db, { kind: parcel, key: 'Ada', data: { to: 'Ada, later' }, dueAt: inDays(10) })
  jump(31)
  await eventually(
    () => listJobs(pool),
    (unfinished) => unfinished.length === 0 && seen.length >= 3,
  )
  expect(seen.sort()).toEqual(['Ada, later', 'Grace', 'daily'])
  expect(await listSchedules(pool)).toEqual([
    expect.objectContaining({ kind: 'test.daily', everySeconds: 86_400 }),
    expect.objectContaining({ kind: 'test.parcel', key: 'Edith' }),
  ])
  jump(31)
  await eventually(
    () => listJobs(pool),
    (unfinished) => unfinished.length === 0 && seen.length >= 5,
  )
  expect(seen.slice(3).sort()).toEqual(['Edith', 'daily'])
  expect(reports.filter((line) => !line.includes('done'))).toEqual([])
})

test('a scheduled job waits for a worker that handles its kind', async () => {
  const unknown = kindOf('test.unknown')
  const { clock } = jumpyClock()
  await scheduleJob(db, { kind: unknown, key: 'x', data: { to: 'x' }, dueAt: new Date(0) })
  await work([createHandler(parcel, async () => ({}))], { clock })
  expect(await db.jobSchedule.count()).toBe(1)
  const { reports } = await work([createHandler(unknown, async () => ({}))], { clock })
  await until(() => reports.length > 0)
  expect([reports, await db.jobSchedule.count()]).toEqual([['test.unknown done at attempt 1'], 0])
})

test('enqueue writes the same row as pg-boss', async () => {
  const boss = createBoss(pool)
  const ours = await enqueue(db, parcel, { to: 'Ada' }, { delaySeconds: 60 })
  await boss.start()
  const theirs = await boss.send(parcel.name, { to: 'Ada' }, { startAfter: 60 })
  await boss.stop({ close: false })
  const columns = async (id: string | null) => {
    const { rows } = await pool.query('SELECT * FROM pgboss.job WHERE id = $1', [id])
    const { id: _id, created_on: created, start_after: start, keep_until: end, ...rest } = rows[0]
    const seconds = (at: Date) => Math.round((at.getTime() - created.getTime()) / 1_000)
    return { ...rest, start: seconds(start), end: seconds(end) }
  }
  expect(await columns(ours)).toEqual(await columns(theirs))
})

test('the migrations make the tables that this version of pg-boss expects', async () => {
  const boss = createBoss(pool)
  const [, expected] = /INSERT INTO pgboss\.version\(version\) VALUES \('(\d+)'\)/.exec(getConstructionPlans()) ?? []
  expect(String(await boss.schemaVersion())).toBe(expected)
  expect((await boss.detectSchemaDrift()).ok).toBe(true)
})
