import type { FastifyInstance, FastifyRequest } from 'fastify'

export interface Readiness {
  /** Whether the database answers. Never rejects. */
  readonly database: () => Promise<boolean>
  /** The other parts that a useful answer needs; costs nothing to ask. */
  readonly others: () => Readonly<Record<string, boolean>>
}

/** The database is asked at most this often: whoever asks us all the time must not take its connections from readers. */
const databaseAnswerMilliseconds = 1_000

/** `/health/live`: the process answers. `/health/ready`: send it traffic; false first of all when it is about to stop. */
export function answerHealth(app: FastifyInstance, { database, others }: Readiness): void {
  let answer: Promise<boolean> | undefined
  let askedAt = -Infinity
  const databaseAnswers = (): Promise<boolean> => {
    if (answer && performance.now() - askedAt < databaseAnswerMilliseconds) return answer
    askedAt = performance.now()
    return (answer = database())
  }

  app.get('/health/live', (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }))
  app.get('/health/ready', async (_request, reply) => {
    const checks = { database: await databaseAnswers(), ...others() }
    const ready = Object.values(checks).every(Boolean)
    return reply
      .code(ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status: ready ? 'ok' : 'unavailable', checks })
  })
}

/** Returns whether a request is for one of the two routes. */
export const isHealthCheck = ({ routeOptions }: FastifyRequest): boolean =>
  routeOptions.url?.startsWith('/health/') === true
