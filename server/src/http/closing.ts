import type { FastifyRequest } from 'fastify'
import { HttpProblem } from './problem.ts'

/** The step that sends away, over connections that are still open, what comes after the stop has begun. */
export function refuseWhile(closing: () => boolean) {
  return async (_request: FastifyRequest): Promise<void> => {
    if (!closing()) return
    throw new HttpProblem(503, 'SERVICE_UNAVAILABLE', 'The server is stopping. Try again.', {
      'retry-after': '5',
      connection: 'close',
    })
  }
}
