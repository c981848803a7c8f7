import type { Queryable } from '../../db/index.ts'
import type { HoldingThen } from '../types.ts'

/** A membership as it stood, before anybody asked what it opened. */
export type HeldThen = Omit<HoldingThen, 'opened'>

/**
 * What a member held at an instant, each membership as it stood, the latest first. Of what was written down by then the last
 * counts, in the order of writing: several changes may bear the same time.
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
