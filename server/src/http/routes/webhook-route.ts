import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { receiveWebhook, RefusedDelivery, type WebhookOptions } from '../../billing/index.ts'
import { withDeadline } from '../../lib/deadline.ts'
import type { AddressLimit } from '../limits/address-limit.ts'
import { HttpProblem, tooMany, unavailable } from '../problem.ts'

interface WebhookRouteOptions extends WebhookOptions {
  /** The limit of refused deliveries of an address. */
  readonly refusals: AddressLimit
}

/** Ten times the size of the provider's largest events. */
const mostBytes = 512_000
/**
 * The provider waits for five seconds. This limit also covers an unresponsive database connection, for which the database client would
 * wait ten seconds.
 */
const answerWithinMilliseconds = 4_500

/** Adds the route of the payment provider's webhooks. Its Fastify scope keeps bodies as bytes, for the signature. */
export async function answerWebhooks(app: FastifyInstance, options: WebhookRouteOptions): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(/^application\/json(\s*;|$)/i, { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    )
    scope.route({
      method: 'POST',
      url: '/webhooks/stripe',
      bodyLimit: mostBytes,
      onRequest: limitRefusals(options.refusals),
      handler: (request, reply) => answer(request, reply, options),
    })
  })
}

/**
 * The step that refuses an address after many refused deliveries, before the body is read. A delivery whose connection breaks off counts
 * as refused.
 *
 * @throws HttpProblem 429
 */
function limitRefusals(refusals: AddressLimit) {
  return async ({ ip }: FastifyRequest, { raw }: FastifyReply): Promise<void> => {
    const wait = refusals.secondsToWait(ip)
    if (wait > 0) throw tooMany(wait)
    raw.once('close', () => {
      const refused = raw.statusCode >= 400 && raw.statusCode < 500
      if (refused || !raw.writableFinished) refusals.charge(ip)
    })
  }
}

/** Answers a delivery. @throws HttpProblem 400 for a refused delivery, 503 if the database does not answer in time */
async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  options: WebhookRouteOptions,
): Promise<FastifyReply> {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  const received = receiveWebhook(options, body, signatureOf(request), request.log).catch((error: unknown) => {
    throw error instanceof RefusedDelivery ? new HttpProblem(400, 'BAD_REQUEST', error.message) : error
  })
  // The event may still be applied after the limit. The provider's next attempt is then a duplicate.
  const { outcome } = await withDeadline(answerWithinMilliseconds, received, () => {
    throw unavailable('The database does not answer. Try again.')
  })
  return reply.send({ received: true, outcome })
}

/** Returns the signature header. Repeated headers, which Node.js joins with a comma, are returned as a list and later refused. */
function signatureOf({ raw, headers }: FastifyRequest): string | string[] | undefined {
  const names = raw.rawHeaders.filter((name, index) => index % 2 === 0 && /^stripe-signature$/i.test(name))
  return names.length > 1 ? names : headers['stripe-signature']
}
