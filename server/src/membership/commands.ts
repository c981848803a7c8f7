import { v7 as uuidv7 } from 'uuid'
import type { Database, Transaction } from '../db/index.ts'
import { CodedError, badInput } from '../lib/errors.ts'
import { periodEndAfter, planBySlug, type Interval } from '../catalogue/index.ts'
import { lockMember } from '../members/index.ts'
import { membershipColumns } from './queries.ts'
import type { MembershipRow } from './types.ts'

interface ComplimentaryGrant {
  readonly memberId: string
  readonly planSlug: string
  /** Exclusive end. Null means no end. */
  readonly until: Date | null
}

/**
 * Grants a member a plan without payment, from now on. A repeated grant of the same plan replaces the end.
 *
 * @param cause who granted it and why, for the history
 * @throws BAD_USER_INPUT for an unknown plan or an end that is not in the future; CONFLICT after a concurrent grant of the same plan
 */
export async function grantMembership(
  db: Database,
  { memberId, planSlug, until }: ComplimentaryGrant,
  cause: string,
  now: Date,
): Promise<MembershipRow> {
  if (until !== null && until <= now) throw badInput('The end of a membership must be in the future.')
  return db.$transaction(async (tx) => {
    const plan = await planBySlug(tx, planSlug)
    // GREATEST keeps the history in order if the clocks of two machines differ.
    const [extended] = await tx.$queryRaw<{ id: string }[]>`
      UPDATE membership
      SET status = 'ACTIVE', current_period_end = ${until}, cancel_at_period_end = false, grace_ends_at = NULL,
        changed_at = GREATEST(changed_at, ${now}), change_cause = ${cause}
      WHERE member_id = ${memberId}::uuid AND plan_id = ${plan.id}::uuid
        AND source = 'COMPLIMENTARY' AND status <> 'ENDED'
      RETURNING id::text`
    const id = extended?.id ?? uuidv7()
    if (!extended) {
      const state = { status: 'ACTIVE', startedAt: now, currentPeriodEnd: until } as const
      const { count } = await tx.membership.createMany({
        data: [
          { id, memberId, planId: plan.id, source: 'COMPLIMENTARY', ...state, changedAt: now, changeCause: cause },
        ],
        skipDuplicates: true,
      })
      // A concurrent request granted the same plan between the two statements.
      if (count === 0) throw new CodedError('CONFLICT', 'The membership was changed by another request. Try again.')
    }
    return tx.membership.findUniqueOrThrow({ where: { id }, select: membershipColumns })
  })
}

interface Revocation {
  readonly memberId: string
  /** Default: all plans. */
  readonly planSlug?: string | undefined
  /** Ids of paid memberships to end as well, because no subscription at the payment provider pays for them. Default: none. */
  readonly paidToEnd?: readonly string[]
}

export interface Revoked {
  readonly ended: readonly MembershipRow[]
  /** Paid memberships that continue. They must be cancelled at the payment provider. Ended only here, they would still be charged. */
  readonly stillPaid: readonly MembershipRow[]
}

/**
 * Ends a member's complimentary and gift memberships now.
 *
 * @throws BAD_USER_INPUT for an unknown plan
 */
export async function revokeMembership(
  db: Database,
  { memberId, planSlug, paidToEnd = [] }: Revocation,
  cause: string,
  now: Date,
): Promise<Revoked> {
  return db.$transaction(async (tx) => {
    const planId = planSlug === undefined ? null : (await planBySlug(tx, planSlug)).id
    // Memberships that have expired by time are unchanged: they did not end now.
    const ended = await tx.$queryRaw<{ id: string }[]>`
      UPDATE membership
      SET status = 'ENDED', ended_at = ${now}, grace_ends_at = NULL,
        changed_at = GREATEST(changed_at, ${now}), change_cause = ${cause}
      WHERE member_id = ${memberId}::uuid AND status <> 'ENDED' AND (${planId}::uuid IS NULL OR plan_id = ${planId}::uuid)
        AND CASE source
          WHEN 'PAYMENT' THEN id = ANY(${[...paidToEnd]}::uuid[])
          ELSE current_period_end IS NULL OR current_period_end > ${now}
        END
      RETURNING id::text`
    const rows = await tx.membership.findMany({
      where: { memberId, ...(planId !== null && { planId }) },
      select: membershipColumns,
      orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
    })
    return {
      ended: rows.filter((row) => ended.some(({ id }) => id === row.id)),
      stillPaid: rows.filter(({ source, status }) => source === 'PAYMENT' && status !== 'ENDED'),
    }
  })
}

interface GiftToGive {
  readonly memberId: string
  readonly planId: string
  readonly interval: Interval
}

/**
 * Creates the membership of a redeemed gift. It starts now, or at the end of the member's last gift of the same plan.
 *
 * @param tx the transaction that also marks the gift as redeemed
 */
export async function giveGiftMembership(
  tx: Transaction,
  { memberId, planId, interval }: GiftToGive,
  cause: string,
  now: Date,
): Promise<MembershipRow> {
  // Without the lock two gifts redeemed at the same time would both start now.
  await lockMember(tx, memberId)
  const last = await tx.membership.findFirst({
    where: { memberId, planId, source: 'GIFT', status: 'ACTIVE', currentPeriodEnd: { gt: now } },
    select: { currentPeriodEnd: true },
    orderBy: { currentPeriodEnd: 'desc' },
  })
  const startedAt = last?.currentPeriodEnd ?? now
  return tx.membership.create({
    data: {
      id: uuidv7(),
      memberId,
      planId,
      status: 'ACTIVE',
      source: 'GIFT',
      startedAt,
      currentPeriodEnd: periodEndAfter(startedAt, interval),
      changedAt: now,
      changeCause: cause,
    },
    select: membershipColumns,
  })
}
