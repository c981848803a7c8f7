import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import {
  ForgedDelivery,
  NotAnEvent,
  NotJson,
  readDelivery,
  receiveDelivery,
  verifyDelivery,
  type Delivery,
  type Receipt,
} from '../billing/index.ts'
import type { Database } from '../db/index.ts'
import type { Clock } from '../lib/clock.ts'
import type { Metrics } from '../lib/metrics.ts'
import type { AddressLimit } from './address-limit.ts'
import { HttpProblem, tooMany, unavailable } from './problem.ts'

export interface WebhookRouteOptions {
  readonly db: Database
  readonly clock: Clock
  readonly metrics: Metrics
  /** Whether our key is of live mode. */
  readonly livemode: boolean
  readonly webhookSecrets: readonly string[]
  readonly graceMilliseconds: number
  /** Refused deliveries of an address. */
  readonly refusals: AddressLimit
}

/** The provider's largest events are a tenth of this. */
const mostBytes = 512_000
/** The bounds of the transaction do not hold while a connection is silent: its client waits for ten seconds. */
const mostMilliseconds = 4_500

/** Where the payment provider tells us what happened. A room of its own: here, and only here, bodies are kept as bytes. */
export async function answerWebhooks(app: FastifyInstance, options: WebhookRouteOptions): Promise<void> {
  await app.register(async (room) => {
    room.removeAllContentTypeParsers()
    room.addContentTypeParser(/^application\/json(\s*;|$)/i, { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    )
    room.route({
      method: 'POST',
      url: '/webhooks/stripe',
      bodyLimit: mostBytes,
      onRequest: limitRefusals(options.refusals),
      handler: (request, reply) => answer(request, reply, options),
    })
  })
}

/**
 * The step that refuses an address that has sent many deliveries that were refused, before anything more of it is read. A delivery
 * that breaks off counts as refused.
 *
 * @throws HttpProblem 429
 */
function limitRefusals(refusals: AddressLimit) {
  return async ({ ip }: FastifyRequest, { raw }: FastifyReply): Promise<void> => {
    const wait = refusals.wait(ip)
    if (wait > 0) throw tooMany(wait)
    raw.once('close', () => {
      const refused = raw.statusCode >= 400 && raw.statusCode < 500
      if (refused || !raw.writableFinished) refusals.take(ip)
    })
  }
}

async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  options: WebhookRouteOptions,
): Promise<FastifyReply> {
  const { db, clock, metrics, graceMilliseconds, livemode } = options
  const delivery = readVerified(request, options)
  const times = { receivedAt: clock.wall(), now: clock.business() }
  const received = receiveDelivery(db, delivery, { graceMilliseconds, livemode, ...times }).then((receipt) => {
    metrics.billingEvent(isForeign(receipt) ? 'foreign' : receipt.outcome)
    tell(request, delivery, receipt)
    return receipt
  })
  const { outcome } = await inTime(received)
  return reply.send({ received: true, outcome })
}

/** Of another mode or account: the endpoint, or the key, is of the wrong one. */
const isForeign = ({ ignored }: Receipt): boolean => ignored === 'mode' || ignored === 'account'

/**
 * Waits no longer than the provider does. What is done later all the same is done: it sends the event again, and finds it known.
 *
 * @throws HttpProblem 503
 */
async function inTime(received: Promise<Receipt>): Promise<Receipt> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(unavailable('The database does not answer. Try again.')), mostMilliseconds)
  })
  // The race hears the first of the two only.
  received.catch(() => undefined)
  return Promise.race([received, late]).finally(() => clearTimeout(timer))
}

/** @throws HttpProblem 400, the same for every fault of a signature */
function readVerified(request: FastifyRequest, { clock, webhookSecrets, metrics }: WebhookRouteOptions): Delivery {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  // Node joins repeated headers with a comma: what it joined is refused as well as a list.
  const signatures = request.raw.rawHeaders.filter((name, index) => index % 2 === 0 && /^stripe-signature$/i.test(name))
  const header = signatures.length > 1 ? signatures : request.headers['stripe-signature']
  try {
    verifyDelivery(body, header, webhookSecrets, clock.wall())
  } catch (error) {
    if (!(error instanceof ForgedDelivery)) throw error
    metrics.billingEvent('refused')
    request.log.warn({ reason: error.message }, 'a webhook was refused')
    throw new HttpProblem(400, 'BAD_REQUEST', 'The signature is not valid.')
  }
  try {
    return readDelivery(body)
  } catch (error) {
    if (error instanceof NotJson) throw new HttpProblem(400, 'BAD_REQUEST', 'The body is not JSON.')
    if (error instanceof NotAnEvent)
      throw new HttpProblem(400, 'BAD_REQUEST', 'The body is not an event with an id, a type and a time.')
    throw error
  }
}

/** What waits needs somebody: it is an error in the log and a number to alert on. */
function tell(request: FastifyRequest, delivery: Delivery, receipt: Receipt): void {
  const { outcome, note, ignored, tasks } = receipt
  const { id, type } = delivery.kind === 'event' ? delivery.entry : delivery.event
  const event = { event: id, type, outcome, ...(note !== null && { note }), ...(tasks > 0 && { tasks }) }
  if (outcome === 'pending') request.log.error(event, 'a billing event could not be applied; nothing was changed')
  else if (isForeign(receipt))
    request.log.error(
      event,
      'a billing event of another mode or account was ignored; compare the webhook endpoint with STRIPE_SECRET_KEY',
    )
  else if (ignored === 'version')
    request.log.error(
      event,
      'a billing event of another API version was ignored; create a new webhook endpoint, see docs/going-live.md',
    )
  else request.log.info(event, 'billing event')
}
