/** The task was dropped before it began, because its caller has disconnected. */
export class Dropped extends Error {
  constructor() {
    super('dropped: the caller has gone')
    this.name = 'Dropped'
  }
}

/** The limit of waiting tasks is reached. */
export class QueueFull extends Error {
  constructor() {
    super('the queue is full')
    this.name = 'QueueFull'
  }
}

export interface FairQueueOptions {
  /** Maximum number of tasks that run at a time. */
  readonly slots: number
  /** Maximum number of unfinished tasks of one caller that have begun, including those that released their slot. */
  readonly perCaller: number
  /** Maximum number of waiting tasks, of all callers together. */
  readonly waiting: number
}

/** The slot that a task occupies. */
export interface Slot {
  /**
   * Frees the slot for another task before this one ends, because from now on it only waits for another system. The task still counts
   * against its caller's limit.
   */
  readonly release: () => void
}

interface FairQueue {
  /**
   * Runs a task when a slot is free. Callers take turns, regardless of how many tasks each has waiting.
   *
   * @throws Dropped if the signal is aborted before the task begins; QueueFull if too many tasks wait
   */
  run<T>(caller: string, signal: AbortSignal, task: (slot: Slot) => Promise<T>): Promise<T>
  /** Number of waiting tasks. */
  readonly waiting: number
}

/** Creates a semaphore whose slots callers share fairly. */
export function createFairQueue({ slots, perCaller, waiting: mostWaiting }: FairQueueOptions): FairQueue {
  /** Waiting tasks by caller, in the order of turns. A caller whose task starts moves to the end. */
  const waiting = new Map<string, Set<() => void>>()
  const underWay = new Map<string, number>()
  let running = 0
  let size = 0

  const isFree = (caller: string) => running < slots && (underWay.get(caller) ?? 0) < perCaller

  function begin(caller: string): void {
    running += 1
    underWay.set(caller, (underWay.get(caller) ?? 0) + 1)
  }

  function forget(caller: string, start: () => void): void {
    const theirs = waiting.get(caller)
    if (!theirs?.delete(start)) return
    size -= 1
    if (theirs.size === 0) waiting.delete(caller)
  }

  /** Starts waiting tasks while slots are free. */
  function next(): void {
    for (const [caller, theirs] of waiting) {
      if (running >= slots) return
      const [start] = theirs
      if (!start || !isFree(caller)) continue
      forget(caller, start)
      const others = waiting.get(caller)
      if (others) {
        waiting.delete(caller)
        waiting.set(caller, others)
      }
      begin(caller)
      start()
    }
  }

  function turnComes(caller: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const start = () => {
        signal.removeEventListener('abort', drop)
        resolve()
      }
      const drop = () => {
        forget(caller, start)
        reject(new Dropped())
      }
      signal.addEventListener('abort', drop, { once: true })
      waiting.set(caller, (waiting.get(caller) ?? new Set()).add(start))
      size += 1
    })
  }

  return {
    async run(caller, signal, task) {
      if (signal.aborted) throw new Dropped()
      if (isFree(caller)) begin(caller)
      else if (size >= mostWaiting) throw new QueueFull()
      else await turnComes(caller, signal)
      let holdsSlot = true
      const release = () => {
        if (!holdsSlot) return
        holdsSlot = false
        running -= 1
        next()
      }
      try {
        return await task({ release })
      } finally {
        const left = (underWay.get(caller) ?? 1) - 1
        if (left === 0) underWay.delete(caller)
        else underWay.set(caller, left)
        if (holdsSlot) release()
        else next()
      }
    },
    get waiting() {
      return size
    },
  }
}
