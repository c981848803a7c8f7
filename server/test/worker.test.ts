import { afterAll, expect, test } from '@jest/globals'
import { providerTask } from '../src/billing/index.ts'
import { enqueue } from '../src/jobs/index.ts'
import { testDatabase } from './support/database.ts'
import { startTestIssuer } from './support/issuer.ts'
import { eventually } from './support/eventually.ts'
import { ended, startServer, startWorker } from './support/server-process.ts'

// Background jobs run in the API's process or in a separate one.

const db = await testDatabase()
const issuer = await startTestIssuer()
afterAll(() => issuer.stop())

/** Enqueues a job without effect. */
const enqueueNothing = () => enqueue(db, providerTask, { taskId: crypto.randomUUID() })
const stateOf = async (id: string): Promise<string | undefined> =>
  (await db.$queryRaw<{ state: string }[]>`SELECT state::text FROM pgboss.job WHERE id = ${id}::uuid`)[0]?.state
const untilDone = (id: string) =>
  eventually(
    () => stateOf(id),
    (state) => state === 'completed',
  )

test('an API with WORKER=off leaves jobs to the worker process', async () => {
  const api = await startServer(issuer, { WORKER: 'off', LOG_LEVEL: 'info' })
  const id = await enqueueNothing()
  const worker = await startWorker({ LOG_LEVEL: 'info' })
  await untilDone(id)
  expect(worker.output()).toContain('job completed')
  expect(api.output()).not.toContain('job completed')
  const exit = ended(worker.child)
  worker.child.kill('SIGTERM')
  expect(await exit).toBe(0)
})

test('an API runs jobs by default, also without a notification', async () => {
  const id = await enqueueNothing()
  await startServer(issuer, { LOG_LEVEL: 'info' })
  await untilDone(id)
  await untilDone(await enqueueNothing())
})
