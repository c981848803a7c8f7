import type { Database } from '../../../db/index.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Logger } from '../../../lib/logger.ts'
import type { Metrics } from '../../../lib/metrics.ts'
import { NotAnEvent } from '../ledger-entry.ts'
import { NotJson, readDelivery, type Delivery } from './read-delivery.ts'
import { receiveDelivery, type Receipt } from '../receive.ts'
import { ForgedDelivery, verifyDelivery } from './verify-delivery.ts'

export interface WebhookOptions {
  readonly db: Database
  readonly clock: Clock
  readonly metrics: Pick<Metrics, 'billingEvent'>
  /** Whether the secret key is of live mode. */
  readonly livemode: boolean
  readonly webhookSecrets: readonly string[]
  readonly graceMilliseconds: number
}

/** A delivery that is not stored. The message is sent to the sender. It is the same for all faults of a signature. */
export class RefusedDelivery extends Error {}

/**
 * Verifies a delivery of the payment provider, stores its event and applies it. Counts and logs the outcome.
 *
 * @param body      the bytes as received, because the signature covers them
 * @param signature the `Stripe-Signature` header, or a list of repeated headers
 * @throws RefusedDelivery for a wrong signature and for a body that is not an event
 */
export async function receiveWebhook(
  { db, clock, metrics, livemode, webhookSecrets, graceMilliseconds }: WebhookOptions,
  body: Buffer,
  signature: string | string[] | undefined,
  log: Logger,
): Promise<Receipt> {
  const receivedAt = clock.wall()
  try {
    verifyDelivery(body, signature, webhookSecrets, receivedAt)
  } catch (error) {
    if (!(error instanceof ForgedDelivery)) throw error
    metrics.billingEvent('refused')
    log.warn({ reason: error.message }, 'a webhook was refused')
    throw new RefusedDelivery('The signature is not valid.')
  }
  const delivery = parseDelivery(body)
  const times = { receivedAt, now: clock.business() }
  const receipt = await receiveDelivery(db, delivery, { graceMilliseconds, livemode, ...times })
  metrics.billingEvent(isFromOtherModeOrAccount(receipt) ? 'foreign' : receipt.outcome)
  logReceipt(log, delivery, receipt)
  return receipt
}

function parseDelivery(body: Buffer): Delivery {
  try {
    return readDelivery(body)
  } catch (error) {
    if (error instanceof NotJson) throw new RefusedDelivery('The body is not JSON.')
    if (error instanceof NotAnEvent)
      throw new RefusedDelivery('The body is not an event with an id, a type and a time.')
    throw error
  }
}

/** Returns whether an event is of another mode or account, because the webhook endpoint or the secret key is wrong. */
const isFromOtherModeOrAccount = ({ ignored }: Receipt): boolean => ignored === 'mode' || ignored === 'account'

/** Logs the outcome of an event. An event that could not be applied is logged as an error, because a person has to handle it. */
function logReceipt(log: Logger, delivery: Delivery, receipt: Receipt): void {
  const { outcome, note, ignored, tasks } = receipt
  const { id, type } = delivery.kind === 'event' ? delivery.entry : delivery.event
  const event = { event: id, type, outcome, ...(note !== null && { note }), ...(tasks > 0 && { tasks }) }
  if (outcome === 'pending') log.error(event, 'a billing event could not be applied; nothing was changed')
  else if (isFromOtherModeOrAccount(receipt))
    log.error(
      event,
      'a billing event of another mode or account was ignored; compare the webhook endpoint with STRIPE_SECRET_KEY',
    )
  else if (ignored === 'version')
    log.error(
      event,
      'a billing event of another API version was ignored; create a new webhook endpoint, see docs/going-live.md',
    )
  else log.info(event, 'billing event')
}
