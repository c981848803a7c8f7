import type { ServerResponse } from 'node:http'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { HttpProblem } from './problem.ts'

/** The step that refuses, over connections that are still open, what arrives after the server has stopped listening. */
export function refuseWhile(closing: () => boolean) {
  return async (_request: FastifyRequest): Promise<void> => {
    if (!closing()) return
    throw new HttpProblem(503, 'SERVICE_UNAVAILABLE', 'The server is stopping. Try again.', { 'retry-after': '5' })
  }
}

/**
 * Closes connections as soon as a stop has begun, so that no client keeps one alive that the stop would then wait for.
 *
 * From then on each answer says `connection: close`. A connection whose answer had already said otherwise is closed when it has taken
 * that answer.
 *
 * @returns how to begin; closes idle connections at once
 */
export function closeConnectionsOnStop({ server }: FastifyInstance): () => void {
  const unanswered = new Set<ServerResponse>()
  let stopping = false
  const sayClose = (response: ServerResponse): void => {
    if (!response.headersSent) response.setHeader('connection', 'close')
  }
  // Before Fastify hears of it, so that it holds for every answer, whatever part gives it.
  server.prependListener('request', (_request, response) => {
    // It is refused, and would never tell of its end (pipelining.ts).
    if (response.socket === null) return
    unanswered.add(response)
    if (stopping) sayClose(response)
    response.once('close', () => {
      unanswered.delete(response)
      // Node.js counts a connection as idle only after it has told of the end of an answer.
      if (stopping) setImmediate(() => server.closeIdleConnections())
    })
  })
  return () => {
    stopping = true
    unanswered.forEach(sayClose)
    server.closeIdleConnections()
  }
}
