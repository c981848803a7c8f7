import { createHash } from 'node:crypto'
import { badInput } from './errors.ts'
import { isId } from './text.ts'

/** A position in a list that is ordered by time, then id. */
export interface Position {
  readonly at: Date
  readonly id: string
}

export const mostRows = 100

/**
 * Checks the page size, to which the schema's default has been applied.
 *
 * @throws BAD_USER_INPUT outside 1 to 100
 */
export function acceptFirst(first: number | null | undefined): number {
  if (typeof first === 'number' && first >= 1 && first <= mostRows) return first
  throw badInput(`first must be a number from 1 to ${mostRows}.`)
}

/**
 * Returns an opaque cursor. Its digest ties it to one list, filter and member (`scope`), so a cursor of another list is refused
 * instead of returning a wrong page. The cursor holds no secret, only a position.
 */
export function encodeCursor(scope: string, { at, id }: Position): string {
  const place = `${at.getTime()}.${id}`
  return Buffer.from(`${place}.${digest(scope, place)}`).toString('base64url')
}

/** Decodes a cursor. @throws BAD_USER_INPUT, with the same message for every defect */
export function decodeCursor(scope: string, cursor: string): Position {
  const text = cursor.length <= 200 ? Buffer.from(cursor, 'base64url').toString('latin1') : ''
  const [milliseconds, id, sum] = text.split('.')
  const at = new Date(Number(milliseconds))
  const genuine = id !== undefined && isId(id) && sum === digest(scope, `${milliseconds}.${id}`)
  if (!genuine || !isStorable(at) || encodeCursor(scope, { at, id }) !== cursor) {
    throw badInput('after is not a cursor of this list. Use a cursor from a response with the same arguments.')
  }
  return { at, id }
}

/** Returns whether the database can store an instant: years 1 to 9999. A caller can forge a cursor, because its digest has no key. */
export const isStorable = (at: Date): boolean => !Number.isNaN(at.getTime()) && /^(?!0000)\d{4}-/.test(at.toISOString())

function digest(scope: string, place: string): string {
  return createHash('sha256').update(`${scope}\n${place}`).digest('hex').slice(0, 16)
}
