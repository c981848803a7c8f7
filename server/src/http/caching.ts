import type { FastifyReply, FastifyRequest } from 'fastify'

/** The step that keeps answers out of caches, errors included: what one reader may see is nobody else's answer. */
export async function keepPrivate(_request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const set = reply.getHeader('vary')
  reply.headers({
    'cache-control': 'private, no-store',
    vary: typeof set === 'string' && set !== '' ? `${set}, Authorization` : 'Authorization',
  })
}
