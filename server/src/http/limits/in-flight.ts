import type { FastifyReply, FastifyRequest } from 'fastify'
import { callerOf } from './caller.ts'
import { tooMany } from '../problem.ts'

/** The requests of one caller that are answered at the moment, and those that wait, oldest first. */
interface Caller {
  running: number
  readonly waiting: (() => void)[]
}

/** Lets only some requests of one caller be answered at a time. */
export class InFlight {
  readonly #atATime: number
  readonly #callers = new Map<string, Caller>()

  constructor(atATime: number) {
    this.#atATime = atATime
  }

  /**
   * The step that waits for a place. A request whose client goes away while it waits is dropped: it never takes a place.
   *
   * The places are given back when the connection has taken the answer, or is gone.
   *
   * @throws HttpProblem 429 if as many requests wait as the caller may send at once
   */
  readonly waitForPlace = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (dropIfGone(reply)) return
    const name = callerOf(request)
    const caller = this.#callers.get(name) ?? { running: 0, waiting: [] }
    if (caller.running >= this.#atATime) {
      if (caller.waiting.length >= (request.rate?.burst ?? 0)) throw tooMany(1)
      if (!(await turnOf(caller, reply))) return void reply.hijack()
      // It may have gone between its turn and this line.
      if (reply.raw.closed) {
        this.#leave(name, caller)
        return void reply.hijack()
      }
    } else caller.running += 1
    this.#callers.set(name, caller)
    reply.raw.once('close', () => this.#leave(name, caller))
  }

  /** Gives the place to the request that has waited longest. */
  #leave(name: string, caller: Caller): void {
    const next = caller.waiting.shift()
    if (next) return next()
    caller.running -= 1
    if (caller.running === 0) this.#callers.delete(name)
  }
}

/** Waits for a place of the caller. @returns false if the client went away first */
function turnOf(caller: Caller, { raw }: FastifyReply): Promise<boolean> {
  return new Promise((resolve) => {
    const begin = () => {
      raw.off('close', leave)
      resolve(true)
    }
    const leave = () => {
      caller.waiting.splice(caller.waiting.indexOf(begin), 1)
      resolve(false)
    }
    caller.waiting.push(begin)
    raw.once('close', leave)
  })
}

/** Drops a request whose client has gone. Nobody would read the answer. @returns whether it was dropped */
function dropIfGone(reply: FastifyReply): boolean {
  if (!reply.raw.destroyed && !reply.raw.closed) return false
  reply.hijack()
  return true
}
