import { v7 as uuidv7 } from 'uuid'
import type { Database, Transaction } from '../db/index.ts'
import { memberByIdentity, type MemberRow } from './queries.ts'

export interface NewMember {
  readonly issuer: string
  readonly subject: string
  /** A program with client credentials, not a person. */
  readonly isProgram: boolean
}

/** Somebody else made the same member at the same time; rolls our half-made one back. */
class AlreadyThere extends Error {}

/** The member behind an identity; made when first seen, once however many requests see it first at the same time. */
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
      if (count === 0) throw new AlreadyThere()
    })
  } catch (error) {
    if (!(error instanceof AlreadyThere)) throw error
  }
  const member = await memberByIdentity(db, issuer, subject)
  if (!member) throw new Error('a member was created and cannot be found')
  return member
}

/**
 * Disables or enables a member; doing it twice is the same as once. The database keeps the history.
 *
 * @param cause who did it and why
 * @returns whether it changed anything
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

/** Remembers an article for a member; a second time changes nothing, not even its place in the list. */
export async function addBookmark(db: Database, memberId: string, articleId: string, now: Date): Promise<void> {
  await db.bookmark.createMany({ data: [{ memberId, articleId, createdAt: now }], skipDuplicates: true })
}

export async function removeBookmark(db: Database, memberId: string, articleId: string): Promise<void> {
  await db.bookmark.deleteMany({ where: { memberId, articleId } })
}

/** Counts one call of a member. One statement: both counts are exact however many calls come at once. */
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
 * Takes the right to ask for a member's profile: once in a while, in one process of all.
 *
 * @param before only when it was last tried at this instant or earlier
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
 * Locks a member's row until the transaction ends, so that changes of their memberships happen one after the other. Rows that only refer to
 * the member (`FOR KEY SHARE`) can still be written.
 */
export async function lockMember(tx: Transaction, memberId: string): Promise<void> {
  await tx.$executeRaw`SELECT 1 FROM member WHERE id = ${memberId}::uuid FOR NO KEY UPDATE`
}
