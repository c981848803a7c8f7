import type { FastifyReply, FastifyRequest } from 'fastify'

/**
 * The step that closes a connection on HTTP pipelining: a request that arrives before the response to the previous one. Browsers and
 * proxies do not use it.
 *
 * Node.js queues the response to such a request. A queued response never emits `close` when its connection closes, so its place
 * among the caller's requests or streams would never be released.
 */
export async function refusePipelining(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  // A queued response has no socket.
  if (reply.raw.socket !== null) return
  request.raw.socket.destroy()
  reply.hijack()
}
