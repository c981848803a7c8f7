import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { onceAMinute } from '../lib/logger.ts'
import type { Metrics } from '../lib/metrics.ts'
import { callerAddress } from './limits/caller.ts'
import { isHealthCheck } from './routes/health.ts'

/** Adds the step that counts and logs each request when its response ends or its client disconnects. */
export function logRequests(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onRequest', async (request, reply) => {
    // The hook `onResponse` does not run when the client disconnects, as at the end of most streams.
    reply.raw.once('close', () => {
      const answered = reply.raw.writableFinished
      // The duration of a stream is not a response time.
      if (answered && !isStream(reply)) metrics.requestAnswered(request.method, reply.statusCode, reply.elapsedTime)
      // Health checks arrive every few seconds.
      if (isHealthCheck(request)) return
      const milliseconds = Math.round(reply.elapsedTime)
      request.log.info({ req: request, res: reply, milliseconds, ...(!answered && { brokenOff: true }) }, 'request')
    })
  })
}

const isStream = (reply: FastifyReply): boolean =>
  String(reply.getHeader('content-type')).startsWith('text/event-stream')

/** Returns a function that counts a request over its address's limit. It logs each address once a minute, so that a flood cannot fill the disk. */
export function floodReporter(app: FastifyInstance, metrics: Metrics) {
  const logFlood = onceAMinute((address: string) => app.log.warn({ address }, 'an address exceeds its rate limit'))
  return ({ ip, method }: FastifyRequest, { elapsedTime }: FastifyReply): void => {
    metrics.requestAnswered(method, 429, elapsedTime)
    logFlood(callerAddress(ip))
  }
}
