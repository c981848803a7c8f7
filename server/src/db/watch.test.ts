import { expect, test } from '@jest/globals'
import type { Database } from './client.ts'
import { watchDatabase } from './watch.ts'

type Probe = 'answers' | 'fails' | 'is silent' | 'is busy'

/** Returns how often the end of an outage is reported for a series of probes. */
async function timesBack(probes: readonly Probe[]): Promise<number> {
  let back = 0
  let probeCount = 0
  let answered = 0
  let finish: () => void = () => undefined
  const done = new Promise<void>((resolve) => (finish = resolve))
  const db = {
    $queryRaw: () => {
      const probe = probes[probeCount]
      probeCount += 1
      if (probeCount > probes.length) finish()
      // Other queries are answered, and the probe waits for a connection.
      if (probe === 'is busy') answered += 1
      if (probe === 'answers') return Promise.resolve([])
      return probe === 'fails' ? Promise.reject(new Error('away')) : new Promise(() => undefined)
    },
  }
  const times = { everyMilliseconds: 1, answerMilliseconds: 20, answers: () => answered }
  const watch = watchDatabase(db as unknown as Database, () => (back += 1), times)
  await done
  watch.stop()
  return back
}

test.each([
  ['an outage', ['answers', 'fails', 'fails', 'fails', 'answers', 'answers'], 1],
  ['timeouts', ['answers', 'is silent', 'is silent', 'answers'], 1],
  ['two outages', ['fails', 'is silent', 'answers', 'is silent', 'fails', 'answers'], 2],
  ['single failed probes', ['answers', 'is silent', 'answers', 'fails', 'answers'], 0],
  ['a busy period', ['answers', 'is busy', 'is busy', 'is busy', 'answers'], 0],
  ['an outage of a busy database', ['is busy', 'is silent', 'is silent', 'is busy', 'answers'], 1],
  ['no outage', ['answers', 'answers'], 0],
  ['a continued outage', ['answers', 'fails', 'fails'], 0],
] as const)('%s: reports each end of an outage', async (_title, answers, times) => {
  expect(await timesBack(answers)).toBe(times)
})
