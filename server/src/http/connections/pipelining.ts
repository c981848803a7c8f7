import type { FastifyReply, FastifyRequest } from 'fastify'

/**
 * The step that closes a connection over which a request arrives before the answer to the one before it (HTTP pipelining, which
 * neither browsers nor proxies use).
 *
 * Node.js queues the answer to such a request. A queued answer never emits `close` when its connection does: whatever waits for that
 * event, such as a caller's place or a stream's, would never be given back.
 */
export async function refusePipelining(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  // An answer has a socket as soon as it is the connection's turn to take it.
  if (reply.raw.socket !== null) return
  request.raw.socket.destroy()
  reply.hijack()
}
