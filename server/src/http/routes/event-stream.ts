import { Readable } from 'node:stream'
import { print, type ExecutionResult } from 'graphql-sse'
import type { Answers } from '../../graphql/index.ts'

/** An empty comment. It keeps proxies from closing an idle connection. */
const comment = ':\n\n'
const keepAliveMilliseconds = 15_000

export interface EventStreamOptions {
  /** Called when an answer cannot be computed. The stream then breaks off, and the client reconnects. */
  readonly onBroken: (error: unknown) => void
  /** Default 15,000. */
  readonly keepAliveMilliseconds?: number
}

/**
 * Sends answers as Server-Sent Events, in the "distinct connections mode" of
 * https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md: a `next` for each, and `complete` at the end.
 *
 * The next answer is computed after the connection has taken the previous one, so a slow client holds at most one answer in memory.
 */
export class EventStream extends Readable {
  readonly #answers: Answers
  readonly #onBroken: (error: unknown) => void
  readonly #keepAlive: NodeJS.Timeout
  #asking = false
  #over = false

  constructor(answers: Answers, options: EventStreamOptions) {
    // Buffers at most one answer.
    super({ highWaterMark: 1 })
    this.#answers = answers
    this.#onBroken = options.onBroken
    // Some proxies and browsers report the connection as open only after the first byte.
    this.push(comment)
    this.#keepAlive = setInterval(() => {
      if (this.readableLength === 0) this.push(comment)
    }, options.keepAliveMilliseconds ?? keepAliveMilliseconds).unref()
  }

  /** Completes the stream at once, without waiting for an answer in progress. */
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
