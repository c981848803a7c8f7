import { v7 as uuidv7 } from 'uuid'
import type { Persona } from '../../scripts/local/identity/personas.ts'
import type { Database, Transaction } from '../../server/src/db/index.ts'
import { ensureMember } from '../../server/src/members/index.ts'
import { membershipColumns, type MembershipRow } from '../../server/src/membership/index.ts'
import { demoHoldings, disabledPersonas, type DemoHolding } from './holdings.ts'
import { idOf } from './plans.ts'

const cause = 'seed: demo reset'

/** Creates missing accounts of personas, with their names. */
export async function seedAccounts(
  db: Database,
  issuer: string,
  personas: readonly Persona[],
  now: Date,
): Promise<number> {
  const subjects = personas.map(({ subject }) => subject)
  const known = await db.identity.findMany({
    where: { issuer, subject: { in: subjects } },
    select: { subject: true },
  })
  const missing = personas.filter(({ subject }) => !known.some((identity) => identity.subject === subject))
  for (const { subject, displayName, email } of missing) {
    const { id } = await ensureMember(db, { issuer, subject, isProgram: false }, now)
    await db.member.update({
      where: { id },
      data: { name: displayName, email, emailVerified: true },
      select: { id: true },
    })
  }
  return missing.length
}

interface HoldingsToSeed {
  readonly issuer: string
  readonly personas: readonly Persona[]
  readonly planIds: ReadonlyMap<string, string>
  readonly now: Date
}

/**
 * Resets the personas' memberships to those of the demo and ends all others. Writes only differences, because every change is kept in
 * a history.
 *
 * @returns the number of personas that were changed
 */
export async function seedHoldings(
  tx: Transaction,
  { issuer, personas, planIds, now }: HoldingsToSeed,
): Promise<number> {
  const wanted = demoHoldings(now)
  const identities = await tx.identity.findMany({
    where: { issuer, subject: { in: personas.map(({ subject }) => subject) } },
    select: {
      subject: true,
      member: {
        select: { id: true, disabledAt: true, memberships: { select: membershipColumns, orderBy: { id: 'asc' } } },
      },
    },
  })
  let changed = 0
  for (const { name, subject } of personas) {
    const member = identities.find((identity) => identity.subject === subject)?.member
    if (!member) throw new Error(`the persona ${name} has no account`)
    const standing = await setStanding(tx, member, disabledPersonas.has(name), now)
    const holding = await setHolding(tx, member, wanted.get(name) ?? null, planIds, now)
    if (standing || holding) changed += 1
  }
  return changed
}

interface SeededMember {
  readonly id: string
  readonly disabledAt: Date | null
  readonly memberships: readonly MembershipRow[]
}

async function setStanding(tx: Transaction, member: SeededMember, disabled: boolean, now: Date): Promise<boolean> {
  if ((member.disabledAt !== null) === disabled) return false
  await tx.member.update({
    where: { id: member.id },
    data: { disabledAt: disabled ? now : null, standingChangedAt: now, standingCause: cause },
    select: { id: true },
  })
  return true
}

async function setHolding(
  tx: Transaction,
  member: SeededMember,
  wanted: DemoHolding | null,
  planIds: ReadonlyMap<string, string>,
  now: Date,
): Promise<boolean> {
  // The source of a membership cannot change, so the persona's first paid membership is reset.
  const own = wanted && member.memberships.find(({ source }) => source === 'PAYMENT')
  const others = member.memberships.filter(({ id, status }) => id !== own?.id && status !== 'ENDED')
  const stamp = { changedAt: now, changeCause: cause }
  // First these, because a member must never have two paid memberships.
  if (others.length > 0) {
    await tx.membership.updateMany({
      where: { id: { in: others.map(({ id }) => id) } },
      data: { status: 'ENDED', endedAt: now, graceEndsAt: null, ...stamp },
    })
  }
  if (!wanted) return others.length > 0
  const { planSlug, ...dates } = wanted
  const data = { ...dates, planId: idOf(planIds, planSlug), cancelAtPeriodEnd: false }
  if (!own) {
    await tx.membership.create({
      data: { id: uuidv7(), memberId: member.id, source: 'PAYMENT', ...data, ...stamp },
      select: { id: true },
    })
    return true
  }
  if (isSame(own, data)) return others.length > 0
  await tx.membership.update({ where: { id: own.id }, data: { ...data, ...stamp }, select: { id: true } })
  return true
}

function isSame(stored: MembershipRow, wanted: Omit<MembershipRow, 'id' | 'source'>): boolean {
  const { planId, status, cancelAtPeriodEnd, startedAt, currentPeriodEnd, graceEndsAt, endedAt } = stored
  return (
    planId === wanted.planId &&
    status === wanted.status &&
    cancelAtPeriodEnd === wanted.cancelAtPeriodEnd &&
    startedAt.getTime() === wanted.startedAt.getTime() &&
    currentPeriodEnd?.getTime() === wanted.currentPeriodEnd?.getTime() &&
    graceEndsAt?.getTime() === wanted.graceEndsAt?.getTime() &&
    endedAt?.getTime() === wanted.endedAt?.getTime()
  )
}
