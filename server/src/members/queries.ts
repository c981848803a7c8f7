import type { Queryable } from '../db/index.ts'
import type { Position } from '../lib/pagination.ts'

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

export interface BookmarkRow {
  readonly articleId: string
  readonly createdAt: Date
}

/** A member's bookmarks of what is published by now, the latest first, from after a position on. */
export async function bookmarksOf(
  db: Queryable,
  memberId: string,
  { take, after, now }: { take: number; after: Position | null; now: Date },
): Promise<BookmarkRow[]> {
  return db.bookmark.findMany({
    where: {
      memberId,
      article: { publishedAt: { lte: now } },
      ...(after && {
        OR: [{ createdAt: { lt: after.at } }, { createdAt: after.at, articleId: { lt: after.id } }],
      }),
    },
    select: { articleId: true, createdAt: true },
    orderBy: [{ createdAt: 'desc' }, { articleId: 'desc' }],
    take,
  })
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
