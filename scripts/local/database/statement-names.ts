import { message } from './frames.ts'

// All clients share one session of PGlite, and with it one set of names. The names of a client get a prefix, so that two clients can both
// prepare a statement "q".

/** Adds a client's prefix to the names of prepared statements in a message. Returns other messages unchanged. */
export function withOwnNames(prefix: string, type: string, bytes: Buffer): Buffer {
  if (type === 'P') {
    const name = cString(bytes, 5)
    return name.text === '' ? bytes : message('P', prefix + name.text, bytes.subarray(name.end))
  }
  if (type === 'B') {
    const portal = cString(bytes, 5)
    const name = cString(bytes, portal.end)
    if (name.text === '') return bytes
    return message('B', bytes.subarray(5, portal.end), prefix + name.text, bytes.subarray(name.end))
  }
  if ((type === 'D' || type === 'C') && bytes[5] === 'S'.charCodeAt(0)) {
    const name = cString(bytes, 6)
    return name.text === '' ? bytes : message(type, bytes.subarray(5, 6), prefix + name.text)
  }
  return bytes
}

/** Returns the statement name of a Parse message, or an empty string. */
export const preparedName = (bytes: Buffer): string => cString(bytes, 5).text

/** Returns the portal that a Bind message creates, and its statement. */
export function boundNames(bytes: Buffer): { portal: string; statement: string } {
  const portal = cString(bytes, 5)
  return { portal: portal.text, statement: cString(bytes, portal.end).text }
}

/** Returns the portal of an Execute message. */
export const executedPortal = (bytes: Buffer): string => cString(bytes, 5).text

/** Returns the SQL of a Query or Parse message. */
export const sqlOf = (type: string, bytes: Buffer): string =>
  type === 'Q' ? cString(bytes, 5).text : cString(bytes, cString(bytes, 5).end).text

/** Replaces COPY FROM STDIN by a query that fails. PGlite would end the process when it has to read rows from a client. */
export function withoutCopyIn(type: string, bytes: Buffer): Buffer {
  if (type !== 'Q' || !/^\s*copy\b[^']*\bfrom\s+stdin\b/i.test(sqlOf(type, bytes))) return bytes
  const text = 'the local database does not support COPY FROM STDIN; use INSERT, or a PostgreSQL server'
  return message('Q', `DO $$ BEGIN RAISE '${text}' USING ERRCODE = 'feature_not_supported'; END $$`)
}

function cString(bytes: Buffer, from: number): { text: string; end: number } {
  const zero = bytes.indexOf(0, from)
  const end = zero === -1 ? bytes.length : zero
  return { text: bytes.toString('utf8', from, end), end: end + 1 }
}
