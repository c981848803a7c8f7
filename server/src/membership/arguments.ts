import type { Queryable } from '../db/index.ts'
import { badInput, notFound } from '../lib/errors.ts'
import { isStorable } from '../lib/pagination.ts'
import { acceptName, acceptText, isId } from '../lib/text.ts'
import { memberExists, type MemberReader } from '../members/index.ts'

/** In UTF-16 code units. */
const longestReason = 500

/** Returns the cause for the history: `by auth0|editor: a friend of the house`. @throws BAD_USER_INPUT for an invalid reason */
export function acceptReason(reason: string, { subject }: MemberReader): string {
  return `by ${subject}: ${acceptText('reason', reason, longestReason)}`
}

/** Checks an instant in the past. @throws BAD_USER_INPUT for an instant in the future or before the year 1 */
export function acceptPast(argument: string, at: Date, now: Date): Date {
  if (at > now) throw badInput(`${argument} must not be in the future.`)
  if (!isStorable(at)) throw badInput(`${argument} must not be before the year 1.`)
  return at
}

/** Returns the id of an existing member. @throws NOT_FOUND for an unknown or malformed id */
export async function existingMember(db: Queryable, member: string): Promise<string> {
  const id = acceptName('member', member)
  if (!isId(id) || !(await memberExists(db, id))) throw notFound('member')
  return id.toLowerCase()
}
