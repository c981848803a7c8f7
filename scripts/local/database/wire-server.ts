import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import type { PGlite } from '@electric-sql/pglite'
import { listenOnLoopback } from '../shared/loopback.ts'
import { cancelRequest, createFrameReader, fatal, message, type Frame } from './frames.ts'
import { createSessionQueue, type Client, type SessionQueue } from './session-queue.ts'

// Our own, because the one that PGlite brings along (pglite-socket 0.2.17) lets another client in between the messages of one
// query as soon as that query is larger than one packet, leaves a broken half query to the next client, and lets prepared
// statements and notifications of different clients meet. wire-server.test.ts has each of these.

export interface WireServerOptions {
  readonly port: number
  /** Clients at a time. Default 40. */
  readonly maxClients?: number
  /** Whether a client may name this database. */
  readonly serves: (databaseName: string) => boolean
  /** See createSessionQueue. Default 10,000. */
  readonly holdMilliseconds?: number
  /** PGlite itself failed: it cannot be used any further. */
  readonly onBroken: (error: unknown) => void
}

export interface WireServer {
  readonly port: number
  /** Lets clients in; until then they wait. */
  readonly serve: (db: PGlite) => Promise<void>
  /** Resolves once no client is connected. */
  readonly unused: () => Promise<void>
  readonly close: () => Promise<void>
}

/**
 * Speaks PostgreSQL's wire protocol on both loopback addresses, without a password: any user of this machine may connect.
 *
 * @throws an error with the code EADDRINUSE when the port is taken
 */
export async function openWireServer(options: WireServerOptions): Promise<WireServer> {
  const { maxClients = 40, holdMilliseconds = 10_000, serves, onBroken } = options
  const sockets = new Set<Socket>()
  let letIn: (opened: Opened) => void = () => undefined
  const opened = new Promise<Opened>((resolve) => (letIn = resolve))
  let queue: SessionQueue | undefined
  let lastId = 0

  const receive = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    // A client that breaks off is told by 'close'.
    socket.on('error', () => undefined)
    socket.setNoDelay(true)
    void opened.then((ready) => attend(socket, ++lastId, ready))
  }
  const listener = await listenOnLoopback(options.port, () => createServer(receive))

  function attend(socket: Socket, id: number, { greeting, queue }: Opened): void {
    const readFrames = createFrameReader()
    const send = (bytes: Buffer) => void (socket.writable && socket.write(bytes))
    const client: Client = { id, messages: [], gone: false, send, hangUp: () => socket.destroySoon() }

    function refuse(code: string, text: string): void {
      client.gone = true
      send(fatal(code, text))
      client.hangUp()
    }

    function handle(frame: Frame): void {
      if (client.gone) return
      if (frame.kind === 'message') return void client.messages.push(frame)
      // Neither encryption; and a cancellation finds nothing running, for a query here blocks until it is done.
      if (frame.kind === 'request') return frame.code === cancelRequest ? client.hangUp() : send(Buffer.from('N'))
      const name = frame.parameters.get('database') ?? frame.parameters.get('user') ?? ''
      if (!serves(name)) return refuse('3D000', `the local database on this port does not serve "${name}"`)
      if (sockets.size > maxClients) return refuse('53300', `more than ${maxClients} clients`)
      send(greeting)
    }

    socket.on('data', (bytes) => {
      if (client.gone) return
      try {
        for (const frame of readFrames(bytes)) handle(frame)
        if (client.messages.length > 0) queue.notice(client)
      } catch {
        socket.destroy()
      }
    })
    socket.on('close', () => {
      client.gone = true
      queue.notice(client)
    })
  }

  return {
    port: listener.port,
    async serve(db) {
      queue = createSessionQueue(db, holdMilliseconds, onBroken)
      letIn({ greeting: await greetingOf(db), queue })
    },
    async unused() {
      while (sockets.size > 0) await Promise.race([...sockets].map((socket) => once(socket, 'close')))
    },
    async close() {
      const closed = listener.close()
      await queue?.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

interface Opened {
  readonly greeting: Buffer
  readonly queue: SessionQueue
}

/**
 * What PGlite answers to a client's start, asked once and repeated to all: were each start a query, nobody could connect while
 * another's transaction is open.
 */
async function greetingOf(db: PGlite): Promise<Buffer> {
  const words = Buffer.from('user\0postgres\0database\0postgres\0\0')
  const start = Buffer.concat([Buffer.alloc(4), Buffer.from([0, 3, 0, 0]), words])
  start.writeUInt32BE(start.length, 0)
  const parts: Buffer[] = []
  await db.execProtocolRawStream(start, { onRawData: (piece) => void parts.push(Buffer.from(piece)) })
  const answer = Buffer.concat(parts)
  const readyForQuery = message('Z', Buffer.from('I'))
  return answer.subarray(-readyForQuery.length).equals(readyForQuery) ? answer : Buffer.concat([answer, readyForQuery])
}
