import type { PGlite } from '@electric-sql/pglite'
import { fatal, message, splitAnswer } from './frames.ts'
import { preparedName, sqlOf, withOwnNames, withoutCopyIn } from './names.ts'

/** One client. Its `inbox` holds whole messages that wait for its turn. */
export interface Client {
  readonly id: number
  readonly inbox: { readonly type: string; readonly bytes: Buffer }[]
  readonly send: (bytes: Buffer) => void
  readonly hangUp: () => void
  gone: boolean
}

interface Seat {
  readonly client: Client
  readonly statements: Set<string>
  readonly channels: Set<string>
  /** Has sent part of an extended query whose Sync is still to come. */
  midQuery: boolean
}

export interface Turns {
  /** Says that a client came, has new messages, or is gone. */
  readonly notice: (client: Client) => void
  /** Resolves when nothing runs any more; new messages are then ignored. */
  readonly close: () => Promise<void>
}

/** Messages with which a query ends: the server is then ready for another client's, unless a transaction is open. */
const endsQuery = new Set(['Q', 'S', 'F'])
const sync = message('S')
const rollback = message('Q', 'ROLLBACK')
const syntaxError = message('P', '', 'end of a client', Buffer.alloc(2))

/**
 * Lets many clients take turns at PGlite, which is one single session: a turn lasts from the first message of a query to its
 * end, or to the end of the transaction. Were the messages of two clients mixed, one would bind its values to the other's
 * statement. When a client goes in the middle, what it had open is undone before the next one's turn.
 *
 * @param holdMilliseconds how long a client may hold its turn in silence while others wait; then it is cut off (25P03)
 */
export function createTurns(db: PGlite, holdMilliseconds: number, onBroken: (error: unknown) => void): Turns {
  const seats = new Map<Client, Seat>()
  const waiting: Seat[] = []
  let holder: Seat | null = null
  let pumping: Promise<void> | null = null
  let silence: NodeJS.Timeout | undefined
  let lastHeard = 0
  let closed = false

  async function ask(bytes: Buffer): Promise<Buffer> {
    const parts: Buffer[] = []
    await db.runExclusive(() =>
      // The pieces are views into PGlite's memory, which the next query overwrites.
      db.execProtocolRawStream(bytes, { onRawData: (piece) => void parts.push(Buffer.from(piece)) }),
    )
    return Buffer.concat(parts)
  }

  /** Notifications reach whoever has asked for their channel, not whoever's query happened to bring them. */
  function deliver(seat: Seat, answer: Buffer): void {
    if (![...seats.values()].some(({ channels }) => channels.size > 0)) return seat.client.send(answer)
    for (const part of splitAnswer(answer)) {
      if (part[0] !== 'A'.charCodeAt(0)) seat.client.send(part)
      else for (const { client, channels } of seats.values()) if (channels.has(channelOf(part))) client.send(part)
    }
  }

  async function run(seat: Seat, type: string, bytes: Buffer): Promise<void> {
    const { client } = seat
    if (type === 'X') {
      client.gone = true
      return
    }
    if (type === 'Q' || type === 'P') noteChannels(seat.channels, sqlOf(type, bytes))
    if (type === 'P' && preparedName(bytes) !== '') seat.statements.add(preparedName(bytes))
    deliver(seat, await ask(withOwnNames(prefixOf(client), type, withoutCopyIn(type, bytes))))
    seat.midQuery = !endsQuery.has(type)
    lastHeard = Date.now()
    if (!seat.midQuery && !db.isInTransaction()) {
      holder = null
      if (client.inbox.length > 0 || client.gone) waiting.push(seat)
    }
  }

  /** Leaves the session as if the client had never been there, but for what it committed. */
  async function cleanUp(seat: Seat): Promise<void> {
    // A Sync alone would commit the half query; after an error it undoes it.
    if (seat.midQuery) await ask(Buffer.concat([syntaxError, sync]))
    if (db.isInTransaction()) await ask(rollback)
    for (const name of seat.statements) {
      await ask(Buffer.concat([message('C', Buffer.from('S'), prefixOf(seat.client) + name), sync]))
    }
    seats.delete(seat.client)
  }

  async function pump(): Promise<void> {
    for (;;) {
      holder ??= waiting.shift() ?? null
      if (holder === null || closed) return
      const seat: Seat = holder
      const next = seat.client.inbox.shift()
      if (next) await run(seat, next.type, next.bytes)
      else if (seat.client.gone) {
        await cleanUp(seat)
        holder = null
      } else if (!seat.midQuery && !db.isInTransaction()) holder = null
      else return
    }
  }

  function start(): void {
    clearTimeout(silence)
    pumping ??= pump()
      .catch(onBroken)
      .finally(() => {
        pumping = null
        if (holder && waiting.length > 0)
          silence = setTimeout(cutOff, lastHeard + holdMilliseconds - Date.now(), holder)
        // A message may have come between the last look and here.
        if ((holder?.client.inbox.length ?? 0) > 0 || holder?.client.gone || (!holder && waiting.length > 0)) start()
      })
  }

  function cutOff(seat: Seat): void {
    if (seat !== holder) return
    const seconds = holdMilliseconds / 1000
    seat.client.send(
      fatal('25P03', `a transaction was idle for ${seconds} s while others waited for the local database`),
    )
    seat.client.hangUp()
  }

  return {
    notice(client) {
      if (closed) return
      const seat = seats.get(client) ?? { client, statements: new Set(), channels: new Set(), midQuery: false }
      seats.set(client, seat)
      if (seat !== holder && !waiting.includes(seat)) waiting.push(seat)
      start()
    },
    async close() {
      closed = true
      clearTimeout(silence)
      await pumping
      if (holder) await cleanUp(holder)
    },
  }
}

const prefixOf = (client: Client) => `client${client.id}_`

/** LISTEN and UNLISTEN as the usual clients send them: alone in their query. */
function noteChannels(channels: Set<string>, sql: string): void {
  const found = /^\s*(un)?listen\s+(?:"((?:[^"]|"")+)"|(\w+|\*))\s*;?\s*$/i.exec(sql)
  if (!found) return
  const [, un, quoted, plain] = found
  const channel = quoted?.replaceAll('""', '"') ?? plain?.toLowerCase() ?? ''
  if (!un) channels.add(channel)
  else if (channel === '*') channels.clear()
  else channels.delete(channel)
}

/** NotificationResponse: after the head a process number, then the channel. */
const channelOf = (part: Buffer): string => part.toString('utf8', 9, part.indexOf(0, 9))
