import { afterAll, afterEach, expect, test } from '@jest/globals'
import { PgBoss } from 'pg-boss'
import { z } from 'zod'
import { createPool } from '../src/db/index.ts'
import {
  createWorker,
  enqueue,
  handle,
  listAppointments,
  listJobs,
  retryJobs,
  scheduleJob,
  unscheduleJob,
  type Handler,
  type JobDatabase,
  type JobData,
  type JobKind,
  type Worker,
} from '../src/jobs/index.ts'
import { createClock } from '../src/lib/clock.ts'
import { testDatabase, testDatabaseUrl } from './support/database.ts'
import { eventually } from './support/sale.ts'

// Jobs are done at least once, by any process, at the instants of the business clock; what cannot be done is seen and sent back.

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
const kindOf = (name: string, retries = 300): JobKind<Parcel> => ({
  name,
  policy: { longestTry: 60, retries },
  data: z.object({ to: z.string() }),
})
const parcel = kindOf('test.parcel')

/** A worker that is heard when anything happens. */
async function work(
  handlers: readonly Handler[],
  more: Partial<Parameters<typeof createWorker>[0]> = {},
): Promise<{ worker: Worker; told: string[]; dead: number[] }> {
  const told: string[] = []
  const dead: number[] = []
  const worker = createWorker({
    database: pool,
    clock: createClock(),
    handlers,
    onDone: ({ kind, attempt }) => void told.push(`${kind} done at try ${attempt}`),
    onFailure: (error, { attempt }, isLast) =>
      void told.push(`try ${attempt} failed: ${(error as Error).message}${isLast ? ', the last' : ''}`),
    onDead: (count) => void dead.push(count),
    onTrouble: (error) => void told.push(`trouble: ${error.message}`),
    lookEverySeconds: 1,
    ...more,
  })
  running.push(worker)
  await worker.start()
  return { worker, told, dead }
}
const until = (isSo: () => boolean): Promise<boolean> => eventually(async () => isSo(), Boolean)

test('a job is done once its transaction has committed, and what it carries comes with it', async () => {
  const seen: Parcel[] = []
  const { worker, told } = await work([handle(parcel, async ({ data }) => void seen.push(data))])
  await db.$transaction(async (tx) => {
    await enqueue(tx, parcel, { to: 'Ada' })
    worker.wake(parcel.name)
    expect(seen).toEqual([])
  })
  worker.wake(parcel.name)
  await until(() => told.length > 0)
  expect([seen, told]).toEqual([[{ to: 'Ada' }], ['test.parcel done at try 1']])
})

test('a job of a transaction that is taken back was never there', async () => {
  const taken = db.$transaction(async (tx) => {
    await enqueue(tx, parcel, { to: 'nobody' })
    throw new Error('taken back')
  })
  await expect(taken).rejects.toThrow('taken back')
  expect(await listJobs(pool)).toEqual([])
})

test('a job that may not begin yet waits', async () => {
  await enqueue(db, parcel, { to: 'later' }, { afterSeconds: 3600 })
  await enqueue(db, parcel, { to: 'now' })
  const seen: string[] = []
  const { told } = await work([handle(parcel, async ({ data }) => void seen.push(data.to))])
  await until(() => told.length > 0)
  const left = await eventually(
    () => listJobs(pool),
    ({ length }) => length === 1,
  )
  expect([seen, left]).toEqual([['now'], [expect.objectContaining({ state: 'waits', attempts: 0 })]])
})

test('a job that always fails is told of, seen, dead in the end, and sent back by command', async () => {
  const twice = kindOf('test.twice', 1)
  let isWell = false
  const id = await enqueue(db, twice, { to: 'Ada' })
  const { told, dead } = await work([
    handle(twice, async () => {
      if (!isWell) throw new Error('the post office is closed to sk_live_abc')
    }),
  ])
  await until(() => told.length === 1)
  const failing = await eventually(
    () => listJobs(pool),
    ([job]) => job?.state === 'fails',
  )
  expect(failing).toEqual([
    expect.objectContaining({ id, kind: 'test.twice', attempts: 1, problem: 'the post office is closed to [token]' }),
  ])
  // Not to wait for its pause.
  expect(await retryJobs(pool)).toBe(1)
  await until(() => dead.length === 1)
  expect(dead).toEqual([1])
  expect(told).toEqual([
    'try 1 failed: the post office is closed to sk_live_abc',
    'try 2 failed: the post office is closed to sk_live_abc, the last',
  ])
  expect(await listJobs(pool)).toEqual([
    expect.objectContaining({ kind: 'test.twice', state: 'dead', attempts: 2, data: { to: 'Ada' }, nextTry: null }),
  ])
  isWell = true
  expect(await retryJobs(pool, ['00000000-0000-4000-8000-000000000000'])).toBe(0)
  expect(await retryJobs(pool)).toBe(1)
  await until(() => told.length === 3 && dead.length === 2)
  expect([told[2], dead]).toEqual(['test.twice done at try 1', [1, 0]])
  await eventually(
    () => listJobs(pool),
    ({ length }) => length === 0,
  )
})

test('the job of a process that is gone is done by another', async () => {
  await enqueue(db, parcel, { to: 'Ada' })
  let begun = false
  const query: JobDatabase['query'] = (sql, values) =>
    begun ? Promise.reject(new Error('gone')) : pool.query(sql, values)
  await work([handle(parcel, () => ((begun = true), new Promise(() => undefined)))], { database: { query } })
  await until(() => begun)
  // Not to wait until it is missed.
  await pool.query(`UPDATE pgboss.job SET heartbeat_on = now() - interval '1 minute' WHERE state = 'active'`)
  const { told } = await work([handle(parcel, async () => undefined)])
  await until(() => told.length > 0)
  expect(told).toEqual(['test.parcel done at try 2'])
})

test('after a stop nothing is taken, and a job that does not end is left to another process', async () => {
  await enqueue(db, parcel, { to: 'Ada' })
  let begun = 0
  const endless = handle(parcel, () => ((begun += 1), new Promise(() => undefined)))
  const { worker, told } = await work([endless])
  await until(() => begun === 1)
  await worker.stop()
  await enqueue(db, parcel, { to: 'Grace' })
  worker.wake()
  expect([begun, told]).toEqual([1, []])
  expect((await listJobs(pool)).map(({ state, attempts }) => [state, attempts])).toEqual([
    ['fails', 1],
    ['waits', 0],
  ])
})

test('a worker that is stopped while the database is away gives up starting', async () => {
  const told: Error[] = []
  const query: JobDatabase['query'] = () => Promise.reject(new Error('away'))
  const worker = createWorker({
    database: { query },
    clock: createClock(),
    handlers: [],
    onDone: () => undefined,
    onFailure: () => undefined,
    onDead: () => undefined,
    onTrouble: (error) => void told.push(error),
  })
  const started = worker.start()
  await until(() => told.length > 0)
  await worker.stop()
  await started
  expect(told[0]?.message).toBe('away')
})

test('a job that this version cannot read fails and is kept', async () => {
  const strict = kindOf('test.strict')
  await enqueue<JobData>(db, { ...strict, data: z.any() }, { recipient: 'Ada' })
  const { told } = await work([handle(strict, async () => undefined)])
  await until(() => told.length > 0)
  expect(told).toEqual([expect.stringMatching(/^try 1 failed: this version cannot read .*to: /)])
})

/** A clock whose business time the test moves. */
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

test('the business clock jumps a month: what was due happens once, and what comes round comes round again', async () => {
  const daily = { ...kindOf('test.daily'), data: z.object({}) }
  const { clock, jump } = jumpyClock()
  const rounds = [{ kind: daily, everySeconds: 86_400 }]
  const seen: string[] = []
  const both = [
    handle(parcel, async ({ data }) => void seen.push(data.to)),
    handle(daily, async () => void seen.push('daily')),
  ]
  const { told } = await work(both, { clock, rounds })
  // A second process: whoever is first.
  await work(both, { clock, rounds })
  const inDays = (days: number) => new Date(clock.business().getTime() + days * 86_400_000)
  for (const [key, days] of Object.entries({ Ada: 3, Grace: 29, Edith: 40, nobody: 5 })) {
    await scheduleJob(db, { kind: parcel, key, data: { to: key }, dueAt: inDays(days) })
  }
  await unscheduleJob(db, parcel, 'nobody')
  // Put off: the latest holds.
  await scheduleJob(db, { kind: parcel, key: 'Ada', data: { to: 'Ada, later' }, dueAt: inDays(10) })
  jump(31)
  await until(() => seen.length >= 3)
  jump(0)
  expect(seen.sort()).toEqual(['Ada, later', 'Grace', 'daily'])
  expect(await listAppointments(pool)).toEqual([
    expect.objectContaining({ kind: 'test.daily', everySeconds: 86_400 }),
    expect.objectContaining({ kind: 'test.parcel', key: 'Edith' }),
  ])
  jump(31)
  await until(() => seen.length >= 5)
  expect(seen.slice(3).sort()).toEqual(['Edith', 'daily'])
  expect(told.filter((line) => !line.includes('done'))).toEqual([])
})

test('an appointment of a kind that no worker knows waits for one that does', async () => {
  const unknown = kindOf('test.unknown')
  const { clock } = jumpyClock()
  await scheduleJob(db, { kind: unknown, key: 'x', data: { to: 'x' }, dueAt: new Date(0) })
  await work([handle(parcel, async () => undefined)], { clock })
  expect(await db.jobSchedule.count()).toBe(1)
  const { told } = await work([handle(unknown, async () => undefined)], { clock })
  await until(() => told.length > 0)
  expect([told, await db.jobSchedule.count()]).toEqual([['test.unknown done at try 1'], 0])
})

test('jobs are added as pg-boss adds them', async () => {
  const boss = new PgBoss({
    db: { executeSql: (sql, values) => pool.query(sql, values) },
    migrate: false,
    supervise: false,
    schedule: false,
  })
  const ours = await enqueue(db, parcel, { to: 'Ada' }, { afterSeconds: 60 })
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
