import { retryAfterSeconds } from '../../lib/errors.ts'
import { tooMany, unavailable } from '../problem.ts'

/** A page holds one, and only while it is visible; this is several devices with several windows. */
export const mostStreamsOfOneCaller = 10
/** Each is a connection and a few kilobytes. */
export const mostStreams = 10_000

export interface StreamsOptions {
  readonly ofOneCaller?: number
  readonly inAll?: number
  /** Told how many are open. */
  readonly onCount?: (count: number) => void
}

/** The open streams of this process. */
export interface Streams {
  /**
   * Takes a place.
   *
   * @param caller whose it is
   * @param end    ends the stream in good order; called when the server stops
   * @returns how to give the place back
   * @throws HttpProblem 429 when this caller has too many, 503 when all together are, or the server is stopping
   */
  take(caller: string, end: () => void): () => void
  /** Ends all of them now, and lets in no more. */
  stop(): void
}

export function createStreams(options: StreamsOptions = {}): Streams {
  const { ofOneCaller = mostStreamsOfOneCaller, inAll = mostStreams, onCount = () => undefined } = options
  const callers = new Map<string, Set<() => void>>()
  let count = 0
  let stopped = false

  return {
    take(caller, end) {
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
