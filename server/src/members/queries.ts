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

/** Returns the member with an identity, or null if there is none. One statement. */
export async function memberByIdentity(db: Queryable, issuer: string, subject: string): Promise<MemberRow | null> {
  return db.member.findFirst({ where: { identities: { some: { issuer, subject } } }, select: memberRow })
}

/** Returns the contact details that other services may get. An unverified email address is left out: it may belong to somebody else. */
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

/** Returns whether a member exists. @param memberId a UUID */
export async function memberExists(db: Queryable, memberId: string): Promise<boolean> {
  return (await db.member.findUnique({ where: { id: memberId }, select: { id: true } })) !== null
}

/**
 * Returns whether a member's account was disabled at an instant in the past, or null if it did not exist yet. Rows are ordered by id
 * and not by time, because the clocks of two machines may differ.
 */
export async function disabledAt(db: Queryable, memberId: string, at: Date): Promise<boolean | null> {
  const change = await db.memberStandingChange.findFirst({
    where: { memberId, at: { lte: at } },
    orderBy: { id: 'desc' },
    select: { disabled: true },
  })
  return change?.disabled ?? null
}

/** Returns the ids of the given articles that a member has bookmarked. One statement. */
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
