import type { FastifyReply, FastifyRequest } from 'fastify'
import { callerOf } from './caller.ts'
import { tooMany } from '../problem.ts'

/** The requests of one caller: the number in progress, and the waiting ones, oldest first. */
interface Caller {
  running: number
  readonly waiting: (() => void)[]
}

/** Limits the requests of one caller that are answered at the same time. */
export class InFlight {
  readonly #atATime: number
  readonly #callers = new Map<string, Caller>()

  constructor(atATime: number) {
    this.#atATime = atATime
  }

  /**
   * The step that waits for a place. The request is dropped if its client disconnects while it waits. The place is released when the
   * connection has taken the whole response or has closed.
   *
   * @throws HttpProblem 429 if the number of waiting requests has reached the caller's burst
   */
  readonly waitForPlace = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (dropIfGone(reply)) return
    const name = callerOf(request)
    const caller = this.#callers.get(name) ?? { running: 0, waiting: [] }
    if (caller.running >= this.#atATime) {
      if (caller.waiting.length >= (request.rate?.burst ?? 0)) throw tooMany(1)
      if (!(await waitForTurn(caller, reply))) return void reply.hijack()
      // The client may have disconnected between its turn and this line.
      if (reply.raw.closed) {
        this.#releasePlace(name, caller)
        return void reply.hijack()
      }
    } else caller.running += 1
    this.#callers.set(name, caller)
    reply.raw.once('close', () => this.#releasePlace(name, caller))
  }

  /** Passes the place to the request that has waited longest. */
  #releasePlace(name: string, caller: Caller): void {
    const next = caller.waiting.shift()
    if (next) return next()
    caller.running -= 1
    if (caller.running === 0) this.#callers.delete(name)
  }
}

/** Waits for a place of the caller. @returns false if the client disconnected first */
function waitForTurn(caller: Caller, { raw }: FastifyReply): Promise<boolean> {
  return new Promise((resolve) => {
    const begin = () => {
      raw.off('close', abandon)
      resolve(true)
    }
    const abandon = () => {
      caller.waiting.splice(caller.waiting.indexOf(begin), 1)
      resolve(false)
    }
    caller.waiting.push(begin)
    raw.once('close', abandon)
  })
}

/** Drops the request if its client has disconnected. @returns whether it was dropped */
function dropIfGone(reply: FastifyReply): boolean {
  if (!reply.raw.destroyed && !reply.raw.closed) return false
  reply.hijack()
  return true
}
