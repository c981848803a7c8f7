import { atMost } from '../lib/at-most.ts'
import { answersOf, type Database } from './client.ts'

/**
 * Whether the database answers within a while. Never rejects.
 *
 * While all connections are busy, a question of our own waits for one and says nothing of the database: what others are answered
 * meanwhile does.
 *
 * @param answers counts what the database has answered
 * @param since   the count from which on answers speak for it; the present one unless given
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
