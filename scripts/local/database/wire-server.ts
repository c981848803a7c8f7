import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import type { PGlite } from '@electric-sql/pglite'
import { listenOnLoopback } from '../shared/loopback.ts'
import { cancelRequest, createFrameReader, fatal, message, type Frame } from './frames.ts'
import { createSessionQueue, type Client, type SessionQueue } from './session-queue.ts'

// The server of PGlite (pglite-socket 0.2.17) has faults that wire-server.test.ts shows: it admits another client between the messages of a
// query that is larger than one packet, leaves an incomplete query to the next client, and mixes the prepared statements and notifications
// of different clients.

interface WireServerOptions {
  readonly port: number
  /** Maximum number of clients. Default: 40. */
  readonly maxClients?: number
  /** Tells whether clients may use a database name. */
  readonly serves: (databaseName: string) => boolean
  /** See createSessionQueue. Default: 10,000. */
  readonly holdMilliseconds?: number
  /** Called when PGlite itself has failed and can no longer be used. */
  readonly onBroken: (error: unknown) => void
}

export interface WireServer {
  readonly port: number
  /** Begins to serve the clients, which wait until then. */
  readonly serve: (db: PGlite) => Promise<void>
  /** Resolves when no client is connected. */
  readonly unused: () => Promise<void>
  readonly close: () => Promise<void>
}

/**
 * Serves PostgreSQL's wire protocol on both loopback addresses. There is no password: every user of this machine may connect.
 *
 * @throws an error with the code EADDRINUSE if the port is taken
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
    // An interrupted connection is handled at 'close'.
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
      // There is no encryption. A cancellation never finds a running query, because a query blocks this process.
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
 * Returns PGlite's answer to the start of a session. PGlite is asked once, and the answer is sent to every client. If each start were a
 * query, no client could connect while another client has an open transaction.
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
