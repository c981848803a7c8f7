import { splitAnswer } from './frames.ts'

// LISTEN for many clients over one session. PGlite brings a notification with the answer of whichever query ended the
// transaction, whoever sent it; here is who asked for it.

/** One LISTEN or UNLISTEN; the channel null means all (`UNLISTEN *`, `DISCARD ALL`). */
export interface Change {
  readonly listen: boolean
  readonly channel: string | null
}

/** What one client listens to, and what it said in a transaction that is still open. */
export interface Subscriber {
  readonly channels: Set<string>
  pending: Change[]
}

export const newSubscriber = (): Subscriber => ({ channels: new Set(), pending: [] })

/** Comments, texts and quoted names whole, as no semicolon in them ends a statement; of the rest each character. */
const pieces =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|\$(\w*)\$[\s\S]*?(?:\$\1\$|$)|\be'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)|'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|[\s\S]/gi
const listening = /^\s*(un)?listen\s+(?:"((?:[^"]|"")+)"|([^\s"*]+)|\*)\s*$/i

/**
 * The changes of listening that an SQL text asks for, in order. Of statements that stand inside others (DO, functions) it
 * knows nothing.
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

/** What belongs together on its way out: bytes for who asked, or a notification for who listens. */
export interface Delivery {
  readonly bytes: Buffer
  /** Null: for who asked. */
  readonly channel: string | null
}

/**
 * Reads PGlite's answer: takes the notifications out of it, and applies the changes of listening that were really executed,
 * when their transaction is committed.
 *
 * @param changes what the text of the query asks for; an error ends it before the rest
 * @returns whether what the client listens to may have changed, and the answer in its order
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
      // They come after their transaction's end only.
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

/** The query that makes the one session listen to what any of its clients does. One client's UNLISTEN is not the others'. */
export function listenToAll(subscribers: Iterable<Subscriber>): string {
  const channels = new Set([...subscribers].flatMap((one) => [...one.channels]))
  return ['UNLISTEN *', ...[...channels].map((channel) => `LISTEN "${channel.replaceAll('"', '""')}"`)].join('; ')
}

/** NotificationResponse: after the head a process number, then the channel. */
const channelOf = (part: Buffer): string => part.toString('utf8', 9, part.indexOf(0, 9))
