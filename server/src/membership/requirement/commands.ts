import { v7 as uuidv7 } from 'uuid'
import type { Transaction } from '../../db/index.ts'
import { clockToleranceMilliseconds } from '../../lib/clock.ts'
import { CodedError } from '../../lib/errors.ts'
import type { Requirement } from '../types.ts'
import type { StoredRequirement } from './queries.ts'

/**
 * Sets the requirement of an article from now on. Adds a row; earlier rows are never changed.
 *
 * @param last the article's last requirement, or null
 * @throws CONFLICT if the last requirement begins later: the new one would begin after it, and an article that is to be locked now would
 *   stay open until then
 */
export async function writeRequirement(
  tx: Transaction,
  articleId: string,
  { visibility, planIds }: Omit<Requirement, 'id'>,
  last: StoredRequirement | null,
  { now, publishedAt }: { now: Date; publishedAt: Date | null },
): Promise<void> {
  const [database] = await tx.$queryRaw<{ now: Date }[]>`SELECT clock_timestamp() AS "now"`
  // If the publisher's clock is ahead, the new text would stay open under the old requirement until the other clocks catch up.
  const soonest = Math.min(now.getTime(), database?.now.getTime() ?? 0)
  // The first requirement begins no later than the publication, because a published article without a requirement has no access decision.
  const first = Math.min(soonest, publishedAt?.getTime() ?? soonest)
  const earliest = last === null ? first : last.validFrom.getTime() + 1
  if (earliest > now.getTime() + clockToleranceMilliseconds) {
    throw new CodedError(
      'CONFLICT',
      `The visibility of this article already changes at ${last?.validFrom.toISOString()}.`,
    )
  }
  const id = uuidv7()
  const validFrom = new Date(last === null ? first : Math.max(soonest, earliest))
  await tx.articleRequirement.create({ data: { id, articleId, visibility, validFrom }, select: { id: true } })
  if (planIds.length > 0) {
    await tx.articleRequirementPlan.createMany({ data: planIds.map((planId) => ({ requirementId: id, planId })) })
  }
}
