import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { unavailable } from '../problem.ts'

/** The step that refuses requests over connections that are still open after the server has stopped listening. */
export function refuseWhile(closing: () => boolean) {
  return async (_request: FastifyRequest): Promise<void> => {
    if (closing()) throw unavailable('The server is stopping. Try again.')
  }
}

/** A slow client has one to two of these intervals to send the rest of its request or to take its response. */
const checkEveryMilliseconds = 2_000

/**
 * Closes connections during a stop, so that no client delays it. The stop waits only for requests that the server is working on.
 *
 * When the stop begins, idle connections close and each new response says `connection: close`. A connection whose headers were sent
 * before closes after its response. When the server has stopped listening, connections without any request close (browsers open
 * them in advance). Connections that wait for their client close after one to two intervals.
 *
 * @param everyMilliseconds the interval between two checks for connections that wait for their client
 * @returns a function that begins the stop
 */
export function closeConnectionsOnStop(app: FastifyInstance, everyMilliseconds = checkEveryMilliseconds): () => void {
  const { server } = app
  /** Open connections with their current response, or null until the head of a request has arrived. */
  const open = new Map<Socket, ServerResponse | null>()
  let stopping = false
  const addCloseHeader = (response: ServerResponse | null): void => {
    if (response && !response.headersSent) response.setHeader('connection', 'close')
  }

  server.on('connection', (socket: Socket) => {
    open.set(socket, null)
    socket.once('close', () => open.delete(socket))
  })
  // Runs before Fastify's own listener, so that it covers every response.
  server.prependListener('request', (_request, response) => {
    const { socket } = response
    // A pipelined request is refused, and its response never emits `close` (pipelining.ts).
    if (socket === null) return
    open.set(socket, response)
    if (stopping) addCloseHeader(response)
    response.once('close', () => {
      if (open.get(socket) === response) open.set(socket, null)
      // Node.js counts a connection as idle only after the `close` event of its response.
      if (stopping) setImmediate(() => server.closeIdleConnections())
    })
  })
  app.addHook('preClose', async () => {
    for (const socket of open.keys()) if (socket.bytesRead === 0) socket.destroy()
    let waiting = new Set<Socket>()
    // Uses this map, because the server does not count connections by `::1` (ipv6-loopback.ts).
    const check = setInterval(() => {
      if (open.size === 0) return clearInterval(check)
      const still = [...open].filter(([, response]) => waitsForClient(response)).map(([socket]) => socket)
      for (const socket of still) if (waiting.has(socket)) socket.destroy()
      waiting = new Set(still)
    }, everyMilliseconds).unref()
  })
  return () => {
    stopping = true
    open.forEach(addCloseHeader)
    server.closeIdleConnections()
  }
}

/** Returns whether a connection waits for its client: the request is incomplete, or the client does not take the response. */
const waitsForClient = (response: ServerResponse | null): boolean =>
  response === null || !response.req.complete || response.writableEnded || response.writableNeedDrain
