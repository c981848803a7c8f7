import type { FastifyInstance, FastifyRequest } from 'fastify'

interface Readiness {
  /** Returns whether the database answers. Never rejects. */
  readonly database: () => Promise<boolean>
  /** Returns the state of the other parts that the API needs. Cheap to call. */
  readonly others: () => Readonly<Record<string, boolean>>
}

/** The database is checked at most once in this time, so that health checks do not use up its connections. */
const databaseAnswerMilliseconds = 1_000

/**
 * Adds the health routes. `/health/live` says that the process answers. `/health/ready` says whether it should get traffic, and
 * fails as soon as a stop begins.
 */
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
