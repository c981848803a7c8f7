import { v7 as uuidv7 } from 'uuid'
import type { Database } from '../db/index.ts'
import { CodedError, badInput } from '../lib/errors.ts'

export interface ComplimentaryGrant {
  readonly memberId: string
  readonly planSlug: string
  /** Exclusive end; null: no end. */
  readonly until: Date | null
}

/**
 * Gives a member a plan without payment, from now on. Given again, the same holding gets the new end.
 *
 * @param cause who did it and why, for the history
 * @throws BAD_USER_INPUT for an unknown plan or an end that is not in the future
 */
export async function grantMembership(
  db: Database,
  { memberId, planSlug, until }: ComplimentaryGrant,
  cause: string,
  now: Date,
): Promise<void> {
  if (until !== null && until <= now) throw badInput('The end of a membership lies in the future.')
  await db.$transaction(async (tx) => {
    const plan = await planBySlug(tx, planSlug)
    const state = { status: 'ACTIVE', currentPeriodEnd: until, changedAt: now, changeCause: cause } as const
    const extended = await tx.membership.updateMany({
      where: { memberId, planId: plan.id, source: 'COMPLIMENTARY', status: { not: 'ENDED' } },
      data: { ...state, cancelAtPeriodEnd: false, graceEndsAt: null },
    })
    if (extended.count > 0) return
    const id = uuidv7()
    const { count } = await tx.membership.createMany({
      data: [{ id, memberId, planId: plan.id, source: 'COMPLIMENTARY', startedAt: now, ...state }],
      skipDuplicates: true,
    })
    // Somebody granted the same plan between our two statements.
    if (count === 0) throw new CodedError('CONFLICT', 'This membership was changed at the same time. Try again.')
  })
}

export interface Revocation {
  readonly memberId: string
  /** Only this plan; all of them when left out. */
  readonly planSlug?: string | undefined
}

/**
 * Ends a member's memberships now, whatever their source.
 *
 * @returns how many ended
 * @throws BAD_USER_INPUT for an unknown plan
 */
export async function revokeMembership(
  db: Database,
  { memberId, planSlug }: Revocation,
  cause: string,
  now: Date,
): Promise<number> {
  return db.$transaction(async (tx) => {
    const plan = planSlug === undefined ? null : await planBySlug(tx, planSlug)
    const { count } = await tx.membership.updateMany({
      where: { memberId, status: { not: 'ENDED' }, ...(plan && { planId: plan.id }) },
      data: { status: 'ENDED', endedAt: now, graceEndsAt: null, changedAt: now, changeCause: cause },
    })
    return count
  })
}

async function planBySlug(tx: Pick<Database, 'plan'>, slug: string): Promise<{ id: string }> {
  const plans = await tx.plan.findMany({ select: { id: true, slug: true }, orderBy: { slug: 'asc' } })
  const plan = plans.find((candidate) => candidate.slug === slug)
  if (plan) return plan
  const names = plans.map((candidate) => candidate.slug).join(', ')
  throw badInput(`There is no plan "${slug}". ${names === '' ? 'There are no plans yet.' : `The plans are: ${names}.`}`)
}
