import { expect, test } from '@jest/globals'
import type { Database } from './client.ts'
import { watchDatabase } from './watch.ts'

type Look = 'answers' | 'fails' | 'is silent' | 'is busy'

/** How often a database that does this at one look after the other is told to be back. */
async function timesBack(looks: readonly Look[]): Promise<number> {
  let back = 0
  let asked = 0
  let answered = 0
  let finish: () => void = () => undefined
  const done = new Promise<void>((resolve) => (finish = resolve))
  const db = {
    $queryRaw: () => {
      const look = looks[asked]
      asked += 1
      if (asked > looks.length) finish()
      // Others are answered, and this question waits for a connection.
      if (look === 'is busy') answered += 1
      if (look === 'answers') return Promise.resolve([])
      return look === 'fails' ? Promise.reject(new Error('away')) : new Promise(() => undefined)
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
  ['a silence', ['answers', 'is silent', 'is silent', 'answers'], 1],
  ['two outages', ['fails', 'is silent', 'answers', 'is silent', 'fails', 'answers'], 2],
  ['one look that was missed', ['answers', 'is silent', 'answers', 'fails', 'answers'], 0],
  ['a busy hour', ['answers', 'is busy', 'is busy', 'is busy', 'answers'], 0],
  ['an outage of a busy database', ['is busy', 'is silent', 'is silent', 'is busy', 'answers'], 1],
  ['no outage', ['answers', 'answers'], 0],
  ['an outage that goes on', ['answers', 'fails', 'fails'], 0],
] as const)('after %s it tells that the database is back as often as it is', async (_title, answers, times) => {
  expect(await timesBack(answers)).toBe(times)
})
