import type { Queryable } from '../db/index.ts'
import { badInput, notFound } from '../lib/errors.ts'
import { isStorable } from '../lib/pagination.ts'
import { acceptName, acceptText, isId } from '../lib/text.ts'
import { memberExists, type MemberReader } from '../members/index.ts'

/** In UTF-16 code units. */
const longestReason = 500

/** Why a member of the staff did something, as the history keeps it: `by auth0|editor: a friend of the house`. */
export function acceptReason(reason: string, { subject }: MemberReader): string {
  return `by ${subject}: ${acceptText('reason', reason, longestReason)}`
}

/** @throws BAD_USER_INPUT for an instant that has not come yet: of it there is no history */
export function acceptPast(argument: string, at: Date, now: Date): Date {
  if (at > now) throw badInput(`${argument} must not be in the future.`)
  if (!isStorable(at)) throw badInput(`${argument} must not be before the year 1.`)
  return at
}

/** @throws NOT_FOUND for an id that names nobody, whatever its form */
export async function existingMember(db: Queryable, member: string): Promise<string> {
  const id = acceptName('member', member)
  if (!isId(id) || !(await memberExists(db, id))) throw notFound('member')
  return id.toLowerCase()
}
