import type { Queryable } from '../db/index.ts'

const memberRow = {
  id: true,
  disabledAt: true,
  name: true,
  email: true,
  picture: true,
  profileFetchedAt: true,
  profileAttemptedAt: true,
} as const

export interface MemberRow {
  readonly id: string
  readonly disabledAt: Date | null
  readonly name: string | null
  readonly email: string | null
  readonly picture: string | null
  readonly profileFetchedAt: Date | null
  readonly profileAttemptedAt: Date | null
}

/** The member behind an identity, or null when nobody with it was ever seen. One statement. */
export async function memberByIdentity(db: Queryable, issuer: string, subject: string): Promise<MemberRow | null> {
  return db.member.findFirst({ where: { identities: { some: { issuer, subject } } }, select: memberRow })
}

/** How a member is called elsewhere in our name. An address that nobody has confirmed may be somebody else's: it is left out. */
export async function contactOf(
  db: Queryable,
  memberId: string,
): Promise<{ readonly name: string | null; readonly email: string | null }> {
  const { name, email, emailVerified } = await db.member.findUniqueOrThrow({
    where: { id: memberId },
    select: { name: true, email: true, emailVerified: true },
  })
  return { name, email: emailVerified ? email : null }
}

/** Whether there is such a member. @param memberId an id by its form */
export async function memberExists(db: Queryable, memberId: string): Promise<boolean> {
  return (await db.member.findUnique({ where: { id: memberId }, select: { id: true } })) !== null
}

/**
 * Whether a member's account was disabled at an instant of the past; null: there was none yet. Of what was written down by
 * then the last counts, in the order of writing: two of our clocks may differ by a moment.
 */
export async function disabledAt(db: Queryable, memberId: string, at: Date): Promise<boolean | null> {
  const change = await db.memberStandingChange.findFirst({
    where: { memberId, at: { lte: at } },
    orderBy: { id: 'desc' },
    select: { disabled: true },
  })
  return change?.disabled ?? null
}

/** Those of some articles that a member has bookmarked. One statement, by the key. */
export async function bookmarkedAmong(
  db: Queryable,
  memberId: string,
  articleIds: readonly string[],
): Promise<string[]> {
  const rows = await db.bookmark.findMany({
    where: { memberId, articleId: { in: [...articleIds] } },
    select: { articleId: true },
  })
  return rows.map(({ articleId }) => articleId)
}
