import { v7 as uuidv7 } from 'uuid'
import type { Database, Transaction } from '../db/index.ts'
import { memberByIdentity, type MemberRow } from './queries.ts'

interface NewMember {
  readonly issuer: string
  readonly subject: string
  /** Whether the member is a program with client credentials. */
  readonly isProgram: boolean
}

/** Rolls the transaction back because a concurrent request created the same member. */
class AlreadyExists extends Error {}

/** Returns the member with an identity and creates it if necessary. Concurrent calls create one member. */
export async function ensureMember(
  db: Database,
  { issuer, subject, isProgram }: NewMember,
  now: Date,
): Promise<MemberRow> {
  const known = await memberByIdentity(db, issuer, subject)
  if (known) return known
  const id = uuidv7()
  try {
    await db.$transaction(async (tx) => {
      await tx.member.create({
        data: {
          id,
          kind: isProgram ? 'PROGRAM' : 'PERSON',
          createdAt: now,
          standingChangedAt: now,
          standingCause: 'first seen',
        },
        select: { id: true },
      })
      const { count } = await tx.identity.createMany({
        data: [{ issuer, subject, memberId: id, createdAt: now }],
        skipDuplicates: true,
      })
      if (count === 0) throw new AlreadyExists()
    })
  } catch (error) {
    if (!(error instanceof AlreadyExists)) throw error
  }
  const member = await memberByIdentity(db, issuer, subject)
  if (!member) throw new Error('a member was created and cannot be found')
  return member
}

/**
 * Disables or enables a member. Idempotent. A trigger records the change in the history.
 *
 * @param cause who changed it and why
 * @returns false if the member already had this state
 */
export async function setDisabled(
  db: Database,
  memberId: string,
  disabled: boolean,
  cause: string,
  now: Date,
): Promise<boolean> {
  const { count } = await db.member.updateMany({
    where: { id: memberId, disabledAt: disabled ? null : { not: null } },
    data: { disabledAt: disabled ? now : null, standingChangedAt: now, standingCause: cause },
  })
  return count > 0
}

/** Adds a bookmark. Idempotent: an existing bookmark keeps its position in the list. */
export async function addBookmark(db: Database, memberId: string, articleId: string, now: Date): Promise<void> {
  await db.bookmark.createMany({ data: [{ memberId, articleId, createdAt: now }], skipDuplicates: true })
}

export async function removeBookmark(db: Database, memberId: string, articleId: string): Promise<void> {
  await db.bookmark.deleteMany({ where: { memberId, articleId } })
}

/** Counts a call of a member. A single statement, so both counts are exact under concurrent calls. */
export async function countCall(db: Database, memberId: string): Promise<{ calls: number; callsByEveryone: number }> {
  const rows = await db.$queryRaw<{ calls: number; callsByEveryone: number }[]>`
    WITH mine AS (
      INSERT INTO call_counter (member_id, calls) VALUES (${memberId}::uuid, 1)
      ON CONFLICT (member_id) DO UPDATE SET calls = call_counter.calls + 1
      RETURNING calls
    ), everyone AS (
      UPDATE call_total SET calls = calls + 1 RETURNING calls
    )
    SELECT mine.calls AS "calls", everyone.calls AS "callsByEveryone" FROM mine, everyone`
  const [counts] = rows
  if (!counts) throw new Error('the row of call_total is missing')
  return counts
}

/**
 * Claims the next fetch of a member's profile, so that only one process makes it.
 *
 * @param before latest instant of the previous attempt; after a later attempt the claim fails
 * @returns whether the claim succeeded
 */
export async function claimProfileAttempt(db: Database, memberId: string, before: Date, now: Date): Promise<boolean> {
  const { count } = await db.member.updateMany({
    where: { id: memberId, OR: [{ profileAttemptedAt: null }, { profileAttemptedAt: { lte: before } }] },
    data: { profileAttemptedAt: now },
  })
  return count > 0
}

export interface StoredProfile {
  readonly name: string | null
  readonly email: string | null
  readonly emailVerified: boolean
  readonly picture: string | null
}

export async function storeProfile(db: Database, memberId: string, profile: StoredProfile, now: Date): Promise<void> {
  await db.member.updateMany({
    where: { id: memberId },
    data: {
      name: profile.name,
      email: profile.email,
      emailVerified: profile.emailVerified,
      picture: profile.picture,
      profileFetchedAt: now,
    },
  })
}

/**
 * Locks a member's row until the transaction ends, which serialises changes of the member's memberships. Rows that only refer to the
 * member (`FOR KEY SHARE`) can still be written.
 */
export async function lockMember(tx: Transaction, memberId: string): Promise<void> {
  await tx.$executeRaw`SELECT 1 FROM member WHERE id = ${memberId}::uuid FOR NO KEY UPDATE`
}
