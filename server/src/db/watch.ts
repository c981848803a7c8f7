import { answersOf, type Database } from './client.ts'
import { isReachable } from './readiness.ts'

interface WatchOptions {
  /** The pause between two probes. Default 2,000. */
  readonly everyMilliseconds?: number
  /** Timeout of a probe. Default 1,500. */
  readonly answerMilliseconds?: number
  /** Returns how many queries the database has answered, including those of others. Default `answersOf`. */
  readonly answers?: () => number
}

/** A single probe can fail by chance. */
const missesOfAnOutage = 2

/**
 * Probes the database and reports the end of an outage. The connection for notifications cannot detect every outage, because queries
 * may reach the database through a pooler and notifications directly.
 *
 * @param onBack called once after each outage
 */
export function watchDatabase(
  db: Database,
  onBack: () => void,
  { everyMilliseconds = 2_000, answerMilliseconds = 1_500, answers = () => answersOf(db) }: WatchOptions = {},
): { stop: () => void } {
  let misses = 0
  let lastCount = answers()
  let stopped = false
  let timer: NodeJS.Timeout | undefined

  async function probe(): Promise<void> {
    // Responses during the pause before count too: on a busy database a probe may time out.
    const answered = await isReachable(db, answerMilliseconds, answers, lastCount)
    if (stopped) return
    lastCount = answers()
    if (answered && misses >= missesOfAnOutage) onBack()
    misses = answered ? 0 : misses + 1
    timer = setTimeout(() => void probe(), everyMilliseconds).unref()
  }

  void probe()
  return {
    stop: () => {
      stopped = true
      clearTimeout(timer)
    },
  }
}
