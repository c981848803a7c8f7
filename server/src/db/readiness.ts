import { atMost } from '../lib/deadline.ts'
import { answersOf, type Database } from './client.ts'

/**
 * Returns whether the database responds within a time limit. Never rejects.
 *
 * While all connections are busy, the probe waits for a free one and proves nothing. The responses to other queries in that time count
 * instead.
 *
 * @param answers returns the number of responses so far; default `answersOf`
 * @param since   responses above this count prove that the database is reachable; default: the current count
 */
export async function isReachable(
  db: Database,
  withinMilliseconds: number,
  answers: () => number = () => answersOf(db),
  since: number = answers(),
): Promise<boolean> {
  try {
    return (await atMost(withinMilliseconds, db.$queryRaw`SELECT 1`)) || answers() > since
  } catch {
    return false
  }
}
