/** Work that was dropped before it began, because whoever wanted it has gone. */
export class Dropped extends Error {
  constructor() {
    super('dropped: the caller has gone')
    this.name = 'Dropped'
  }
}

/** More tasks wait than are let wait. */
export class QueueFull extends Error {
  constructor() {
    super('the queue is full')
    this.name = 'QueueFull'
  }
}

export interface FairQueueOptions {
  /** Most tasks that run at a time. */
  readonly slots: number
  /** Most tasks of one caller that are under way at a time: running, or outside (see `Turn.outside`). */
  readonly ofOneCaller: number
  /** Most tasks that wait, of all callers together. */
  readonly waiting: number
}

/** What a task may do with its turn. */
export interface Turn {
  /** Gives the slot to somebody else, for good: from here on the task waits for another system. It still counts as its caller's. */
  readonly outside: () => void
}

export interface FairQueue {
  /**
   * Runs a task when its turn comes. Callers take turns, however many tasks each has waiting.
   *
   * @throws Dropped when the signal is aborted before the task begins; QueueFull when too much waits
   */
  run<T>(caller: string, signal: AbortSignal, task: (turn: Turn) => Promise<T>): Promise<T>
  /** How many tasks wait. */
  readonly waiting: number
}

/** Makes a semaphore whose slots are shared fairly by callers. */
export function createFairQueue({ slots, ofOneCaller, waiting: mostWaiting }: FairQueueOptions): FairQueue {
  /** In the order of turns: whoever had one goes to the end. */
  const waiting = new Map<string, Set<() => void>>()
  const underWay = new Map<string, number>()
  let running = 0
  let size = 0

  const isFree = (caller: string) => running < slots && (underWay.get(caller) ?? 0) < ofOneCaller

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

  /** Starts what may start now. */
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
      const giveSlot = () => {
        if (!holdsSlot) return
        holdsSlot = false
        running -= 1
        next()
      }
      try {
        return await task({ outside: giveSlot })
      } finally {
        const left = (underWay.get(caller) ?? 1) - 1
        if (left === 0) underWay.delete(caller)
        else underWay.set(caller, left)
        if (holdsSlot) giveSlot()
        else next()
      }
    },
    get waiting() {
      return size
    },
  }
}
