import { expect, test } from '@jest/globals'
import { createFairQueue, Dropped, QueueFull, type FairQueueOptions, type Slot } from './fair-queue.ts'

/** Waits until pending promise callbacks have run. */
const settled = async () => {
  for (let turns = 0; turns < 10; turns += 1) await Promise.resolve()
}

/** Creates a queue that records the order in which tasks begin. A task ends when the test calls `end`. */
function recordedQueue(options: Partial<FairQueueOptions> = {}) {
  const queue = createFairQueue({ slots: 1, perCaller: 1, waiting: 100, ...options })
  const begun: string[] = []
  const running = new Map<string, { readonly slot: Slot; readonly end: (error?: Error) => void }>()
  const run = (caller: string, name: string, signal = new AbortController().signal) =>
    queue.run(caller, signal, (slot) => {
      begun.push(name)
      return new Promise<string>((resolve, reject) =>
        running.set(name, { slot, end: (error) => (error ? reject(error) : resolve(name)) }),
      )
    })
  const end = async (name: string, error?: Error) => {
    running.get(name)?.end(error)
    await settled()
  }
  return { queue, run, begun, end, slot: (name: string) => running.get(name)?.slot }
}

test('callers take turns, regardless of their numbers of tasks', async () => {
  const { run, begun, end } = recordedQueue()
  for (let index = 0; index < 5; index += 1) void run('greedy', `greedy ${index}`)
  for (const other of ['b', 'c']) void run(other, other)
  for (const name of ['greedy 0', 'greedy 1', 'b', 'c', 'greedy 2', 'greedy 3']) await end(name)
  expect(begun).toEqual(['greedy 0', 'greedy 1', 'b', 'c', 'greedy 2', 'greedy 3', 'greedy 4'])
})

test('limits the tasks of one caller and gives free slots to others', async () => {
  const { run, begun, end } = recordedQueue({ slots: 4, perCaller: 2 })
  for (let index = 0; index < 4; index += 1) void run('a', `a${index}`)
  for (let index = 0; index < 3; index += 1) void run('b', `b${index}`)
  expect(begun).toEqual(['a0', 'a1', 'b0', 'b1'])
  await end('a0')
  expect(begun.slice(4)).toEqual(['a2'])
})

test('a task that released its slot still counts against its caller', async () => {
  const { run, begun, slot, end } = recordedQueue()
  void run('a', 'a0')
  void run('a', 'a1')
  void run('b', 'b0')
  expect(begun).toEqual(['a0'])
  slot('a0')?.release()
  slot('a0')?.release()
  await settled()
  expect(begun).toEqual(['a0', 'b0'])
  await end('b0')
  expect(begun).toEqual(['a0', 'b0'])
  await end('a0')
  expect(begun).toEqual(['a0', 'b0', 'a1'])
})

test('drops a waiting task whose caller has disconnected', async () => {
  const { queue, run, begun, end } = recordedQueue()
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

test('refuses a task when too many wait', async () => {
  const { queue, run } = recordedQueue({ waiting: 2 })
  for (const caller of ['a', 'b', 'c']) void run(caller, caller)
  await expect(run('d', 'd')).rejects.toThrow(QueueFull)
  expect(queue.waiting).toBe(2)
})

test('a failed task frees its slot', async () => {
  const { run, begun, end } = recordedQueue()
  const failed = run('a', 'a0')
  void run('a', 'a1')
  await Promise.all([expect(failed).rejects.toThrow('broken'), end('a0', new Error('broken'))])
  expect(begun).toEqual(['a0', 'a1'])
})

test('serves ten thousand tasks at once', async () => {
  const queue = createFairQueue({ slots: 3, perCaller: 3, waiting: 10_000 })
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
