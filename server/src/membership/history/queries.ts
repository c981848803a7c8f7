import type { Queryable } from '../../db/index.ts'
import type { HoldingThen } from '../types.ts'

/** A membership's recorded state, without the decision whether it opened the article. */
export type HeldThen = Omit<HoldingThen, 'opened'>

/**
 * Returns the recorded state of a member's memberships at an instant, latest start first. Rows are ordered by id and not by time,
 * because several changes may have the same time.
 */
export async function membershipsAt(db: Queryable, memberId: string, at: Date): Promise<HeldThen[]> {
  return db.$queryRaw`
    SELECT latest.* FROM (
      SELECT DISTINCT ON (membership_id) membership_id::text AS id, plan_id::text AS "planId", status::text, source::text,
        started_at AS "startedAt", current_period_end AS "currentPeriodEnd", cancel_at_period_end AS "cancelAtPeriodEnd",
        grace_ends_at AS "graceEndsAt", ended_at AS "endedAt", "at" AS since, cause
      FROM membership_change
      WHERE member_id = ${memberId}::uuid AND "at" <= ${at}
      ORDER BY membership_id, membership_change.id DESC
    ) latest
    ORDER BY latest."startedAt" DESC, latest.id DESC`
}
