import { splitAnswer } from './frames.ts'

// LISTEN for many clients over one session. PGlite adds a notification to the answer of the query that ended the transaction, whichever
// client sent it. This file keeps track of the channels of each client.

/** A LISTEN or UNLISTEN. The channel null means all (`UNLISTEN *`, `DISCARD ALL`). */
export interface Change {
  readonly listen: boolean
  readonly channel: string | null
}

/** The channels of a client, and its changes in a transaction that is still open. */
export interface Subscriber {
  readonly channels: Set<string>
  pending: Change[]
}

export const newSubscriber = (): Subscriber => ({ channels: new Set(), pending: [] })

/** Matches a comment, a string or a quoted name as a whole, because no semicolon in them ends a statement. Otherwise one character. */
const pieces =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|\$(\w*)\$[\s\S]*?(?:\$\1\$|$)|\be'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)|'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|[\s\S]/gi
const listening = /^\s*(un)?listen\s+(?:"((?:[^"]|"")+)"|([^\s"*]+)|\*)\s*$/i

/**
 * Returns the LISTEN and UNLISTEN statements of an SQL text, in order. Does not find statements inside others (DO, functions).
 */
export function changesIn(sql: string): Change[] {
  if (!/listen|discard/i.test(sql)) return []
  return statementsOf(sql).flatMap((statement): Change[] => {
    if (/^\s*discard\s+all\s*$/i.test(statement)) return [{ listen: false, channel: null }]
    const found = listening.exec(statement)
    if (!found) return []
    const [, un, quoted, plain] = found
    return [{ listen: !un, channel: quoted?.replaceAll('""', '"') ?? plain?.toLowerCase() ?? null }]
  })
}

function statementsOf(sql: string): string[] {
  const statements = ['']
  for (const [piece] of sql.matchAll(pieces)) {
    if (piece === ';') statements.push('')
    else statements[statements.length - 1] += /^(--|\/\*)/.test(piece) ? ' ' : piece
  }
  return statements
}

/** A part of an answer: bytes for the client that asked, or a notification for the clients that listen. */
export interface Delivery {
  readonly bytes: Buffer
  /** Null: for the client that asked. */
  readonly channel: string | null
}

/**
 * Splits PGlite's answer into notifications and the rest, and applies the LISTEN and UNLISTEN statements that were executed, once their
 * transaction is committed.
 *
 * @param changes the statements in the text of the query; after an error the rest is not executed
 * @returns whether the channels of the client may have changed, and the answer in its order
 */
export function readAnswer(
  answer: Buffer,
  subscriber: Subscriber,
  changes: readonly Change[],
): { changed: boolean; deliveries: Delivery[] } {
  const deliveries: Delivery[] = []
  const asked = [...changes]
  let changed = false
  let from = 0
  let at = 0

  function commit(): void {
    changed ||= subscriber.pending.length > 0
    for (const change of subscriber.pending.splice(0)) apply(subscriber.channels, change)
  }

  for (const part of splitAnswer(answer)) {
    const type = String.fromCharCode(part[0] ?? 0)
    if (type === 'A') {
      // Notifications follow the end of their transaction.
      commit()
      if (at > from) deliveries.push({ bytes: answer.subarray(from, at), channel: null })
      deliveries.push({ bytes: part, channel: channelOf(part) })
      from = at + part.length
    } else if (type === 'C') {
      const tag = part.toString('latin1', 5, part.length - 1)
      const next = /^(LISTEN|UNLISTEN|DISCARD ALL)$/.test(tag) ? asked.shift() : undefined
      if (next) subscriber.pending.push(next)
      if (tag === 'COMMIT') commit()
      if (tag === 'ROLLBACK') subscriber.pending = []
    } else if (type === 'E') subscriber.pending = []
    else if (type === 'Z' && part[5] === 'I'.charCodeAt(0)) commit()
    at += part.length
  }
  if (answer.length > from) deliveries.push({ bytes: answer.subarray(from), channel: null })
  return { changed, deliveries }
}

function apply(channels: Set<string>, { listen, channel }: Change): void {
  if (channel === null) channels.clear()
  else if (listen) channels.add(channel)
  else channels.delete(channel)
}

/** Returns the query that makes the session listen to the channels of all clients. One client's UNLISTEN must not end those of others. */
export function listenToAll(subscribers: Iterable<Subscriber>): string {
  const channels = new Set([...subscribers].flatMap((one) => [...one.channels]))
  return ['UNLISTEN *', ...[...channels].map((channel) => `LISTEN "${channel.replaceAll('"', '""')}"`)].join('; ')
}

/** Returns the channel of a NotificationResponse, which follows the head and a process number. */
const channelOf = (part: Buffer): string => part.toString('utf8', 9, part.indexOf(0, 9))
