import { answersOf, type Database } from './client.ts'
import { isReachable } from './readiness.ts'

export interface WatchOptions {
  /** The pause between two looks. Default 2,000. */
  readonly everyMilliseconds?: number
  /** How long an answer may take. Default 1,500. */
  readonly answerMilliseconds?: number
  /** Counts what the database has answered, whoever asked. Default `answersOf`. */
  readonly answers?: () => number
}

/** One look may be missed by chance; an outage misses more. */
const missesOfAnOutage = 2

/**
 * Watches whether queries are answered, and tells when they are again after an outage. The notification connection knows of its
 * own way to the database only: with a pooler, queries go another one.
 *
 * @param onBack called once after each outage
 */
export function watchDatabase(
  db: Database,
  onBack: () => void,
  { everyMilliseconds = 2_000, answerMilliseconds = 1_500, answers = () => answersOf(db) }: WatchOptions = {},
): { stop: () => void } {
  let misses = 0
  let heard = answers()
  let stopped = false
  let timer: NodeJS.Timeout | undefined

  async function look(): Promise<void> {
    // What was answered in the pause before counts as well: a busy database may take longer than a look.
    const answered = await isReachable(db, answerMilliseconds, answers, heard)
    if (stopped) return
    heard = answers()
    if (answered && misses >= missesOfAnOutage) onBack()
    misses = answered ? 0 : misses + 1
    timer = setTimeout(() => void look(), everyMilliseconds).unref()
  }

  void look()
  return {
    stop: () => {
      stopped = true
      clearTimeout(timer)
    },
  }
}
