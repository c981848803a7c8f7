import type { PGlite } from '@electric-sql/pglite'
import { changesIn, listenToAll, newSubscriber, readAnswer, type Change, type Subscriber } from './channels.ts'
import { fatal, message } from './frames.ts'
import { boundNames, executedPortal, preparedName, sqlOf, withOwnNames, withoutCopyIn } from './names.ts'

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
  readonly subscriber: Subscriber
  /** What its parsed statements, and the portals made of them, say about listening. */
  readonly parsed: Map<string, Change[]>
  readonly bound: Map<string, Change[]>
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
  let changedChannels = false

  async function ask(bytes: Buffer): Promise<Buffer> {
    const parts: Buffer[] = []
    await db.runExclusive(() =>
      // The pieces are views into PGlite's memory, which the next query overwrites.
      db.execProtocolRawStream(bytes, { onRawData: (piece) => void parts.push(Buffer.from(piece)) }),
    )
    return Buffer.concat(parts)
  }

  /** Notifications reach whoever has asked for their channel, not whoever's query happened to bring them. */
  function deliver(seat: Seat, answer: Buffer, changes: readonly Change[]): void {
    const listeners = [...seats.values()].filter(({ subscriber }) => subscriber.channels.size > 0)
    const quiet = listeners.length === 0 && changes.length === 0 && seat.subscriber.pending.length === 0
    if (quiet) return seat.client.send(answer)
    const { changed, deliveries } = readAnswer(answer, seat.subscriber, changes)
    changedChannels ||= changed
    for (const { bytes, channel } of deliveries) {
      if (channel === null) seat.client.send(bytes)
      else for (const one of seats.values()) if (one.subscriber.channels.has(channel)) one.client.send(bytes)
    }
  }

  /** The changes of listening that a message may bring about; those of a prepared statement come with its execution. */
  function changesOf(seat: Seat, type: string, bytes: Buffer): readonly Change[] {
    if (type === 'Q') return changesIn(sqlOf(type, bytes))
    if (type === 'P') seat.parsed.set(preparedName(bytes), changesIn(sqlOf(type, bytes)))
    if (type === 'B') {
      const { portal, statement } = boundNames(bytes)
      seat.bound.set(portal, seat.parsed.get(statement) ?? [])
    }
    return type === 'E' ? (seat.bound.get(executedPortal(bytes)) ?? []) : []
  }

  async function run(seat: Seat, type: string, bytes: Buffer): Promise<void> {
    const { client } = seat
    if (type === 'X') {
      client.gone = true
      return
    }
    if (type === 'P' && preparedName(bytes) !== '') seat.statements.add(preparedName(bytes))
    const changes = changesOf(seat, type, bytes)
    deliver(seat, await ask(withOwnNames(prefixOf(client), type, withoutCopyIn(type, bytes))), changes)
    seat.midQuery = !endsQuery.has(type)
    lastHeard = Date.now()
    if (!seat.midQuery && !db.isInTransaction()) {
      await listenForAll()
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
    changedChannels ||= seat.subscriber.channels.size > 0
    await listenForAll()
  }

  /** Before the next turn: one client's UNLISTEN has ended the listening of all. */
  async function listenForAll(): Promise<void> {
    if (!changedChannels) return
    changedChannels = false
    await ask(message('Q', listenToAll([...seats.values()].map(({ subscriber }) => subscriber))))
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
      const seat = seats.get(client) ?? newSeat(client)
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

const newSeat = (client: Client): Seat => ({
  client,
  statements: new Set(),
  subscriber: newSubscriber(),
  parsed: new Map(),
  bound: new Map(),
  midQuery: false,
})
