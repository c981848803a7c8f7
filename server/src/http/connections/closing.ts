import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { unavailable } from '../problem.ts'

/** The step that refuses, over connections that are still open, what arrives after the server has stopped listening. */
export function refuseWhile(closing: () => boolean) {
  return async (_request: FastifyRequest): Promise<void> => {
    if (closing()) throw unavailable('The server is stopping. Try again.')
  }
}

/** A client that is waited for has one to two of these to send the rest of its request, or to take its answer. */
const lookEveryMilliseconds = 2_000

/**
 * Closes connections as soon as a stop has begun, so that no client keeps one open that the stop would then wait for.
 *
 * From then on each answer says `connection: close`. A connection whose answer had already said otherwise is closed when it has taken
 * that answer. Once the server listens no more, connections close on which nothing was ever asked (browsers open them ahead of
 * need), and soon those that wait for their client: a request that has not arrived whole, an answer that is not taken. Only work
 * of our own is waited for.
 *
 * @param everyMilliseconds the pause between two looks at who is waited for
 * @returns how to begin; closes idle connections at once
 */
export function closeConnectionsOnStop(app: FastifyInstance, everyMilliseconds = lookEveryMilliseconds): () => void {
  const { server } = app
  /** Open connections, each with the answer that it will take; null while there is no whole head of a request. */
  const open = new Map<Socket, ServerResponse | null>()
  let stopping = false
  const sayClose = (response: ServerResponse | null): void => {
    if (response && !response.headersSent) response.setHeader('connection', 'close')
  }

  server.on('connection', (socket: Socket) => {
    open.set(socket, null)
    socket.once('close', () => open.delete(socket))
  })
  // Before Fastify hears of it, so that it holds for every answer, whatever part gives it.
  server.prependListener('request', (_request, response) => {
    const { socket } = response
    // It is refused, and would never tell of its end (pipelining.ts).
    if (socket === null) return
    open.set(socket, response)
    if (stopping) sayClose(response)
    response.once('close', () => {
      if (open.get(socket) === response) open.set(socket, null)
      // Node.js counts a connection as idle only after it has told of the end of an answer.
      if (stopping) setImmediate(() => server.closeIdleConnections())
    })
  })
  app.addHook('preClose', async () => {
    for (const socket of open.keys()) if (socket.bytesRead === 0) socket.destroy()
    let waiting = new Set<Socket>()
    // They are this map's, not the server's: it does not count those that came by `::1` (ipv6-loopback.ts).
    const look = setInterval(() => {
      if (open.size === 0) return clearInterval(look)
      const still = [...open].filter(([, response]) => waitsForClient(response)).map(([socket]) => socket)
      for (const socket of still) if (waiting.has(socket)) socket.destroy()
      waiting = new Set(still)
    }, everyMilliseconds).unref()
  })
  return () => {
    stopping = true
    open.forEach(sayClose)
    server.closeIdleConnections()
  }
}

/** Whether nothing is left to do on our side: the request is not whole yet, or the connection does not take the answer. */
const waitsForClient = (response: ServerResponse | null): boolean =>
  response === null || !response.req.complete || response.writableEnded || response.writableNeedDrain
