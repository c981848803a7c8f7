import { Readable } from 'node:stream'
import { print, type ExecutionResult } from 'graphql-sse'
import type { Answers } from '../../graphql/index.ts'

/** A line that means nothing: it keeps what lies between from closing a connection on which nothing happens. */
const comment = ':\n\n'
const keepAliveMilliseconds = 15_000

export interface EventStreamOptions {
  /** Told when an answer could not be made at all: the stream then breaks off, and the client comes back. */
  readonly onBroken: (error: unknown) => void
  /** Default 15,000. */
  readonly keepAliveMilliseconds?: number
}

/**
 * Answers as Server-Sent Events, in the "distinct connections mode" of
 * https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md: a `next` for each, and `complete` at the end.
 *
 * An answer is made when the connection has taken the one before: who reads slowly, or not at all, holds no more than one.
 */
export class EventStream extends Readable {
  readonly #answers: Answers
  readonly #onBroken: (error: unknown) => void
  readonly #keepAlive: NodeJS.Timeout
  #asking = false
  #over = false

  constructor(answers: Answers, options: EventStreamOptions) {
    // One answer at a time, however small.
    super({ highWaterMark: 1 })
    this.#answers = answers
    this.#onBroken = options.onBroken
    // Some proxies and browsers say that they are connected only when the first byte has come.
    this.push(comment)
    this.#keepAlive = setInterval(() => {
      if (this.readableLength === 0) this.push(comment)
    }, options.keepAliveMilliseconds ?? keepAliveMilliseconds).unref()
  }

  /** Ends it in good order, now: no answer is waited for. */
  complete(): void {
    if (this.#over) return
    this.#release()
    this.push(print({ event: 'complete', data: null }))
    this.push(null)
  }

  override _read(): void {
    if (this.#asking || this.#over) return
    this.#asking = true
    this.#answers.next().then(
      ({ done, value }) => {
        this.#asking = false
        if (this.#over) return
        if (done) return this.complete()
        this.push(print({ event: 'next', data: value as ExecutionResult }))
      },
      (error: unknown) => {
        if (this.#over) return
        this.#onBroken(error)
        this.destroy()
      },
    )
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#release()
    done(error)
  }

  #release(): void {
    if (this.#over) return
    this.#over = true
    clearInterval(this.#keepAlive)
    this.#answers.return?.().catch(() => undefined)
  }
}
