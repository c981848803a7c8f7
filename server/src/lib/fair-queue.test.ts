import { expect, test } from '@jest/globals'
import { createFairQueue, Dropped, QueueFull, type FairQueueOptions, type Turn } from './fair-queue.ts'

/** Lets what was promised happen. */
const settled = async () => {
  for (let turns = 0; turns < 10; turns += 1) await Promise.resolve()
}

/** A queue, and what it began, in order. Each task ends when the test says so. */
function watched(options: Partial<FairQueueOptions> = {}) {
  const queue = createFairQueue({ slots: 1, ofOneCaller: 1, waiting: 100, ...options })
  const begun: string[] = []
  const running = new Map<string, { readonly turn: Turn; readonly end: (error?: Error) => void }>()
  const run = (caller: string, name: string, signal = new AbortController().signal) =>
    queue.run(caller, signal, (turn) => {
      begun.push(name)
      return new Promise<string>((resolve, reject) =>
        running.set(name, { turn, end: (error) => (error ? reject(error) : resolve(name)) }),
      )
    })
  const end = async (name: string, error?: Error) => {
    running.get(name)?.end(error)
    await settled()
  }
  return { queue, run, begun, end, turn: (name: string) => running.get(name)?.turn }
}

test('callers take turns, however many tasks one of them has', async () => {
  const { run, begun, end } = watched()
  for (let index = 0; index < 5; index += 1) void run('greedy', `greedy ${index}`)
  for (const other of ['b', 'c']) void run(other, other)
  for (const name of ['greedy 0', 'greedy 1', 'b', 'c', 'greedy 2', 'greedy 3']) await end(name)
  expect(begun).toEqual(['greedy 0', 'greedy 1', 'b', 'c', 'greedy 2', 'greedy 3', 'greedy 4'])
})

test('one caller has at most so many under way, and free slots go to others', async () => {
  const { run, begun, end } = watched({ slots: 4, ofOneCaller: 2 })
  for (let index = 0; index < 4; index += 1) void run('a', `a${index}`)
  for (let index = 0; index < 3; index += 1) void run('b', `b${index}`)
  expect(begun).toEqual(['a0', 'a1', 'b0', 'b1'])
  await end('a0')
  expect(begun.slice(4)).toEqual(['a2'])
})

test('a task that waits for another system leaves its slot, and still counts as its caller’s', async () => {
  const { run, begun, turn, end } = watched()
  void run('a', 'a0')
  void run('a', 'a1')
  void run('b', 'b0')
  expect(begun).toEqual(['a0'])
  turn('a0')?.outside()
  turn('a0')?.outside()
  await settled()
  expect(begun).toEqual(['a0', 'b0'])
  await end('b0')
  expect(begun).toEqual(['a0', 'b0'])
  await end('a0')
  expect(begun).toEqual(['a0', 'b0', 'a1'])
})

test('a task whose caller has gone is dropped, and never begins', async () => {
  const { queue, run, begun, end } = watched()
  const gone = new AbortController()
  void run('a', 'a0')
  const dropped = run('b', 'b0', gone.signal)
  void run('c', 'c0')
  gone.abort()
  await expect(dropped).rejects.toThrow(Dropped)
  await expect(run('b', 'b1', gone.signal)).rejects.toThrow(Dropped)
  expect(queue.waiting).toBe(1)
  await end('a0')
  expect(begun).toEqual(['a0', 'c0'])
})

test('more than may wait is refused', async () => {
  const { queue, run } = watched({ waiting: 2 })
  for (const caller of ['a', 'b', 'c']) void run(caller, caller)
  await expect(run('d', 'd')).rejects.toThrow(QueueFull)
  expect(queue.waiting).toBe(2)
})

test('a task that fails gives its turn back', async () => {
  const { run, begun, end } = watched()
  const failed = run('a', 'a0')
  void run('a', 'a1')
  await Promise.all([expect(failed).rejects.toThrow('broken'), end('a0', new Error('broken'))])
  expect(begun).toEqual(['a0', 'a1'])
})

test('ten thousand callers that are told at once are all served, with a step or two for each', async () => {
  const queue = createFairQueue({ slots: 3, ofOneCaller: 3, waiting: 10_000 })
  const { signal } = new AbortController()
  let most = 0
  let running = 0
  const task = async () => {
    most = Math.max(most, (running += 1))
    await Promise.resolve()
    running -= 1
  }
  await Promise.all(Array.from({ length: 10_000 }, (_, index) => queue.run(`caller ${index % 5_000}`, signal, task)))
  expect([most, queue.waiting]).toEqual([3, 0])
})
