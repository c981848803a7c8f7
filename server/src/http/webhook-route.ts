import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type Stripe from 'stripe'
import {
  billingFailure,
  ForgedDelivery,
  NotAnEvent,
  otherVersion,
  receiveEvent,
  verifyDelivery,
  type Receipt,
} from '../billing/index.ts'
import type { Database } from '../db/index.ts'
import type { Clock } from '../lib/clock.ts'
import type { Metrics } from '../lib/metrics.ts'
import type { AddressLimit } from './address-limit.ts'
import { HttpProblem, tooMany } from './problem.ts'

export interface WebhookRouteOptions {
  readonly db: Database
  readonly clock: Clock
  readonly metrics: Metrics
  readonly stripe: Stripe
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
  const { db, clock, metrics, graceMilliseconds } = options
  const payload = verified(request, options)
  const receivedAt = clock.wall()
  const received = receiveEvent(db, payload, { graceMilliseconds, receivedAt, now: clock.business() }).then(
    (receipt) => {
      metrics.billingEvent(receipt.outcome)
      tell(request, payload, receipt)
      void cancelTakenBack(request, receipt, options.stripe)
      return receipt
    },
    (error: unknown) => {
      if (error instanceof NotAnEvent) throw new HttpProblem(400, 'BAD_REQUEST', 'This is no event.')
      throw error
    },
  )
  const { outcome } = await inTime(received)
  return reply.send({ received: true, outcome })
}

/**
 * Waits no longer than the provider does. What is done later all the same is done: it sends the event again, and finds it known.
 *
 * @throws HttpProblem 503
 */
async function inTime(received: Promise<Receipt>): Promise<Receipt> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    const problem = new HttpProblem(503, 'SERVICE_UNAVAILABLE', 'The database does not answer. Try again.', {
      'retry-after': '5',
    })
    timer = setTimeout(() => reject(problem), mostMilliseconds)
  })
  // The race hears the first of the two only.
  received.catch(() => undefined)
  return Promise.race([received, late]).finally(() => clearTimeout(timer))
}

/** @throws HttpProblem 400, the same for whatever was wrong */
function verified(request: FastifyRequest, { clock, webhookSecrets, metrics }: WebhookRouteOptions): unknown {
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
    throw new HttpProblem(400, 'BAD_REQUEST', 'The signature is not good.')
  }
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    throw new HttpProblem(400, 'BAD_REQUEST', 'The body is not JSON.')
  }
}

/** What waits needs somebody: it is an error in the log and a number to alert on. */
function tell(request: FastifyRequest, payload: unknown, { outcome, note }: Receipt): void {
  const { id, type } = payload as { id?: unknown; type?: unknown }
  const event = { event: String(id), type: String(type), outcome, ...(note !== null && { note }) }
  if (outcome === 'pending') request.log.error(event, 'a billing event could not be understood: nothing was changed')
  else if (outcome === 'ignored' && note?.startsWith(otherVersion))
    request.log.error(event, 'the webhook endpoint has another API version: nothing was changed; make it anew (README)')
  else request.log.info(event, 'billing event')
}

/** Whoever got their money back is not charged again. What fails here is found and done by `billing:reconcile`. */
async function cancelTakenBack({ log }: FastifyRequest, { toBeCancelled }: Receipt, stripe: Stripe): Promise<void> {
  for (const subscription of toBeCancelled) {
    try {
      await stripe.subscriptions.cancel(subscription)
      log.info({ subscription }, 'cancelled at the payment provider: its payment was taken back')
    } catch (error) {
      log.error({ err: billingFailure(error), subscription }, 'could not be cancelled at the payment provider')
    }
  }
}
