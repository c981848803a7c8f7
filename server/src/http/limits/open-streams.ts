import { retryAfterSeconds } from '../../lib/errors.ts'
import { tooMany, unavailable } from '../problem.ts'

/** A page holds one stream while it is visible. Ten allow several devices with several windows. */
const mostStreamsOfOneCaller = 10
/** Each stream costs a connection and a few kilobytes. */
const mostStreams = 10_000

interface StreamsOptions {
  readonly ofOneCaller?: number
  readonly inAll?: number
  /** Called with the number of open streams. */
  readonly onCount?: (count: number) => void
}

/** The open streams of this process. */
export interface Streams {
  /**
   * Adds a stream.
   *
   * @param caller the key of `callerOf`
   * @param end    completes the stream; called when the server stops
   * @returns a function that removes the stream. Further calls do nothing
   * @throws HttpProblem 429 if the caller has too many streams, 503 if the process has too many or is stopping
   */
  add(caller: string, end: () => void): () => void
  /** Ends all streams and refuses new ones. */
  stop(): void
}

export function createStreams(options: StreamsOptions = {}): Streams {
  const { ofOneCaller = mostStreamsOfOneCaller, inAll = mostStreams, onCount = () => undefined } = options
  const callers = new Map<string, Set<() => void>>()
  let count = 0
  let stopped = false

  return {
    add(caller, end) {
      if (stopped) throw unavailable('The server is stopping. Try again.')
      if (count >= inAll) throw unavailable('Too many streams are open on this server. Try again.')
      const theirs = callers.get(caller) ?? new Set()
      if (theirs.size >= ofOneCaller) {
        throw tooMany(retryAfterSeconds, `You have ${ofOneCaller} streams open. Close one first.`)
      }
      const own = () => end()
      callers.set(caller, theirs.add(own))
      onCount((count += 1))
      return () => {
        if (!theirs.delete(own)) return
        onCount((count -= 1))
        if (theirs.size === 0) callers.delete(caller)
      }
    },
    stop() {
      stopped = true
      for (const theirs of [...callers.values()]) for (const end of [...theirs]) end()
    },
  }
}
