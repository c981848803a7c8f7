// The codes of the first messages of a client, which have no type byte.
const sslRequest = 80877103
const gssRequest = 80877104
export const cancelRequest = 80877102
const protocol3 = 3

/** A longer start is not from a PostgreSQL client, but for example an HTTP request. */
const maxStartLength = 10_000
/** PostgreSQL's own limit is 1 GB, more than this process has. */
const maxMessageLength = 64 * 1024 * 1024

/** Query, extended query, function call, end. PGlite would end the process at an unknown type. */
const messageTypes = new Set('QPBDECHSFX')

class NotPostgresError extends Error {}

export type Frame =
  | { readonly kind: 'request'; readonly code: number }
  | { readonly kind: 'start'; readonly parameters: ReadonlyMap<string, string> }
  | { readonly kind: 'message'; readonly type: string; readonly bytes: Buffer }

/**
 * Splits the bytes of a client into messages (https://www.postgresql.org/docs/18/protocol-message-formats.html).
 *
 * @returns a function that takes the next bytes and returns the messages that are complete. It throws NotPostgresError for bytes that
 * cannot come from a PostgreSQL client.
 */
export function createFrameReader(): (bytes: Buffer) => Frame[] {
  let rest: Buffer = Buffer.alloc(0)
  let started = false

  function next(): Frame | null {
    const head = started ? 1 : 0
    if (rest.length < head + 4) return null
    const length = rest.readUInt32BE(head)
    if (length < 4 || length > (started ? maxMessageLength : maxStartLength)) throw new NotPostgresError()
    if (rest.length < head + length) return null
    const bytes = rest.subarray(0, head + length)
    rest = rest.subarray(head + length)
    if (started) {
      const type = String.fromCharCode(bytes[0] ?? 0)
      if (!messageTypes.has(type)) throw new NotPostgresError()
      return { kind: 'message', type, bytes }
    }
    if (length < 8) throw new NotPostgresError()
    const code = bytes.readUInt32BE(4)
    if (code === sslRequest || code === gssRequest || code === cancelRequest) return { kind: 'request', code }
    if (code >>> 16 !== protocol3) throw new NotPostgresError()
    started = true
    return { kind: 'start', parameters: parseParameters(bytes.subarray(8)) }
  }

  return (bytes) => {
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes])
    const frames: Frame[] = []
    for (let frame = next(); frame !== null; frame = next()) frames.push(frame)
    return frames
  }
}

function parseParameters(bytes: Buffer): Map<string, string> {
  const words = bytes.toString('utf8').split('\0')
  const parameters = new Map<string, string>()
  for (let index = 0; index + 1 < words.length && words[index] !== ''; index += 2) {
    parameters.set(words[index] ?? '', words[index + 1] ?? '')
  }
  return parameters
}

/** Builds a message of either side: type, length, contents. */
export function message(type: string, ...contents: (Buffer | string)[]): Buffer {
  const body = Buffer.concat(contents.map((part) => (typeof part === 'string' ? Buffer.from(`${part}\0`) : part)))
  const head = Buffer.alloc(5)
  head.write(type, 0, 'latin1')
  head.writeUInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

/** Builds the error that ends a connection, with PostgreSQL's code. */
export function fatal(code: string, text: string): Buffer {
  const field = (type: string, value: string) => Buffer.from(`${type}${value}\0`)
  return message('E', field('S', 'FATAL'), field('V', 'FATAL'), field('C', code), field('M', text), Buffer.from([0]))
}

/** Splits an answer of the server, which is complete. */
export function splitAnswer(bytes: Buffer): Buffer[] {
  const parts: Buffer[] = []
  for (let at = 0; at + 5 <= bytes.length;) {
    const end = at + 1 + bytes.readUInt32BE(at + 1)
    parts.push(bytes.subarray(at, end))
    at = end
  }
  return parts
}
