import type { PGlite } from '@electric-sql/pglite'
import { changesIn, listenToAll, newSubscriber, readAnswer, type Change, type Subscriber } from './channels.ts'
import { fatal, message } from './frames.ts'
import { boundNames, executedPortal, preparedName, sqlOf, withOwnNames, withoutCopyIn } from './statement-names.ts'

/** A connected client. `messages` holds complete messages that wait for the session. */
export interface Client {
  readonly id: number
  readonly messages: { readonly type: string; readonly bytes: Buffer }[]
  readonly send: (bytes: Buffer) => void
  readonly hangUp: () => void
  gone: boolean
}

interface ClientState {
  readonly client: Client
  readonly statements: Set<string>
  readonly subscriber: Subscriber
  /** LISTEN and UNLISTEN in its prepared statements and in the portals bound to them. */
  readonly parsed: Map<string, Change[]>
  readonly bound: Map<string, Change[]>
  /** Whether it has sent part of an extended query and its Sync is outstanding. */
  midQuery: boolean
}

export interface SessionQueue {
  /** Call when a client has connected, has new messages, or has disconnected. */
  readonly notice: (client: Client) => void
  /** Resolves when no query runs. New messages are ignored from then on. */
  readonly close: () => Promise<void>
}

/** Messages that end a query. The session is then free for another client, unless a transaction is open. */
const endsQuery = new Set(['Q', 'S', 'F'])
const sync = message('S')
const rollback = message('Q', 'ROLLBACK')
const syntaxError = message('P', '', 'end of a client', Buffer.alloc(2))

/**
 * Shares the single session of PGlite among many clients. A client holds the session from the first message of a query to the end of the
 * query or of its transaction. If the messages of two clients were mixed, one would bind its values to the other's statement. If a
 * client disconnects in the middle, its transaction is rolled back before the next client gets the session.
 *
 * @param holdMilliseconds how long a silent client may hold the session while others wait; then it is disconnected (25P03)
 */
export function createSessionQueue(
  db: PGlite,
  holdMilliseconds: number,
  onBroken: (error: unknown) => void,
): SessionQueue {
  const clients = new Map<Client, ClientState>()
  const waiting: ClientState[] = []
  let holder: ClientState | null = null
  let pumping: Promise<void> | null = null
  let silence: NodeJS.Timeout | undefined
  let lastHeard = 0
  let closed = false
  let changedChannels = false

  async function ask(bytes: Buffer): Promise<Buffer> {
    const parts: Buffer[] = []
    await db.runExclusive(() =>
      // The pieces are views into PGlite's memory, and the next query overwrites them.
      db.execProtocolRawStream(bytes, { onRawData: (piece) => void parts.push(Buffer.from(piece)) }),
    )
    return Buffer.concat(parts)
  }

  /** Sends the answer, and each notification in it to the clients that listen to its channel. */
  function deliver(state: ClientState, answer: Buffer, changes: readonly Change[]): void {
    const listeners = [...clients.values()].filter(({ subscriber }) => subscriber.channels.size > 0)
    const quiet = listeners.length === 0 && changes.length === 0 && state.subscriber.pending.length === 0
    if (quiet) return state.client.send(answer)
    const { changed, deliveries } = readAnswer(answer, state.subscriber, changes)
    changedChannels ||= changed
    for (const { bytes, channel } of deliveries) {
      if (channel === null) state.client.send(bytes)
      else for (const one of clients.values()) if (one.subscriber.channels.has(channel)) one.client.send(bytes)
    }
  }

  /** Returns the LISTEN and UNLISTEN that a message executes. In a prepared statement they count when the statement is executed. */
  function changesOf(state: ClientState, type: string, bytes: Buffer): readonly Change[] {
    if (type === 'Q') return changesIn(sqlOf(type, bytes))
    if (type === 'P') state.parsed.set(preparedName(bytes), changesIn(sqlOf(type, bytes)))
    if (type === 'B') {
      const { portal, statement } = boundNames(bytes)
      state.bound.set(portal, state.parsed.get(statement) ?? [])
    }
    return type === 'E' ? (state.bound.get(executedPortal(bytes)) ?? []) : []
  }

  async function run(state: ClientState, type: string, bytes: Buffer): Promise<void> {
    const { client } = state
    if (type === 'X') {
      client.gone = true
      return
    }
    if (type === 'P' && preparedName(bytes) !== '') state.statements.add(preparedName(bytes))
    const changes = changesOf(state, type, bytes)
    deliver(state, await ask(withOwnNames(prefixOf(client), type, withoutCopyIn(type, bytes))), changes)
    state.midQuery = !endsQuery.has(type)
    lastHeard = Date.now()
    if (!state.midQuery && !db.isInTransaction()) {
      await listenForAll()
      holder = null
      if (client.messages.length > 0 || client.gone) waiting.push(state)
    }
  }

  /** Removes everything that a client left in the session, except what it committed. */
  async function cleanUp(state: ClientState): Promise<void> {
    // A Sync alone would commit the incomplete query. After an error it rolls the query back.
    if (state.midQuery) await ask(Buffer.concat([syntaxError, sync]))
    if (db.isInTransaction()) await ask(rollback)
    for (const name of state.statements) {
      await ask(Buffer.concat([message('C', Buffer.from('S'), prefixOf(state.client) + name), sync]))
    }
    clients.delete(state.client)
    changedChannels ||= state.subscriber.channels.size > 0
    await listenForAll()
  }

  /** Repeats the LISTEN of all clients, because the UNLISTEN of one client has ended them. */
  async function listenForAll(): Promise<void> {
    if (!changedChannels) return
    changedChannels = false
    await ask(message('Q', listenToAll([...clients.values()].map(({ subscriber }) => subscriber))))
  }

  async function pump(): Promise<void> {
    for (;;) {
      holder ??= waiting.shift() ?? null
      if (holder === null || closed) return
      const state: ClientState = holder
      const next = state.client.messages.shift()
      if (next) await run(state, next.type, next.bytes)
      else if (state.client.gone) {
        await cleanUp(state)
        holder = null
      } else if (!state.midQuery && !db.isInTransaction()) holder = null
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
          silence = setTimeout(disconnectSilent, lastHeard + holdMilliseconds - Date.now(), holder)
        // A message may have arrived after the last check.
        if ((holder?.client.messages.length ?? 0) > 0 || holder?.client.gone || (!holder && waiting.length > 0)) start()
      })
  }

  function disconnectSilent(state: ClientState): void {
    if (state !== holder) return
    const seconds = holdMilliseconds / 1000
    state.client.send(
      fatal('25P03', `a transaction was idle for ${seconds} s while others waited for the local database`),
    )
    state.client.hangUp()
  }

  return {
    notice(client) {
      if (closed) return
      const state = clients.get(client) ?? newClientState(client)
      clients.set(client, state)
      if (state !== holder && !waiting.includes(state)) waiting.push(state)
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

const newClientState = (client: Client): ClientState => ({
  client,
  statements: new Set(),
  subscriber: newSubscriber(),
  parsed: new Map(),
  bound: new Map(),
  midQuery: false,
})
