import type { FastifyInstance } from 'fastify'

export interface Readiness {
  /** Each part that a useful answer needs, and whether it is there. Never rejects. */
  readonly check: () => Promise<Readonly<Record<string, boolean>>>
}

/** `/health/live`: the process answers. `/health/ready`: send it traffic; false first of all when it is about to stop. */
export function answerHealth(app: FastifyInstance, { check }: Readiness): void {
  app.get('/health/live', (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }))
  app.get('/health/ready', async (_request, reply) => {
    const checks = await check()
    const ready = Object.values(checks).every(Boolean)
    return reply
      .code(ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status: ready ? 'ok' : 'unavailable', checks })
  })
}
