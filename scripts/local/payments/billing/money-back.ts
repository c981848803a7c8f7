import { makeDispute, makeRefund } from '../objects/money-back.ts'
import { refused, StripeProblem } from '../problem.ts'
import type { Charge, Dispute, Refund } from '../state/resources.ts'
import { change, emitEvent, type Provider } from '../state/provider.ts'
import { formatAmount } from './format.ts'

/** Refunds an amount of a charge. Default: the amount that was not refunded yet. */
export function refundCharge(provider: Provider, charge: Charge, wanted?: number): Refund {
  const { store, clock } = provider
  if (charge.status !== 'succeeded')
    throw refused(`Charge ${charge.id} did not succeed.`, 'charge', 'charge_not_refundable')
  if (charge.disputed)
    throw refused(`Charge ${charge.id} has been charged back; cannot issue a refund.`, undefined, 'charge_disputed')
  const left = charge.amount - charge.amount_refunded
  if (left === 0) throw refused(`Charge ${charge.id} has already been refunded.`, undefined, 'charge_already_refunded')
  const amount = wanted ?? left
  if (amount < 1) throw refused('This value must be greater than or equal to 1.', 'amount', 'parameter_invalid_integer')
  if (amount > left) {
    const [asked, open] = [amount, left].map((one) => formatAmount(one, charge.currency))
    throw refused(`Refund amount (${asked}) is greater than unrefunded amount on charge (${open})`, 'amount')
  }
  const refund = store.put('refund', makeRefund(charge, amount, clock.seconds()))
  const before = store.need('charge', charge.id)
  const refunds = before.refunds
  const after = change(provider, 'charge', charge, {
    amount_refunded: before.amount_refunded + amount,
    refunded: amount === left,
    refunds: refunds ? { ...refunds, data: [refund, ...refunds.data] } : null,
  })
  emitEvent(provider, 'refund.created', refund)
  emitEvent(provider, 'charge.refunded', after, {
    amount_refunded: before.amount_refunded,
    refunded: before.refunded,
  })
  return refund
}

/** Opens a dispute: the customer's bank claims the money back. */
export function openDispute(provider: Provider, charge: Charge, reason: string): Dispute {
  if (charge.status !== 'succeeded' || charge.disputed)
    throw refused(`Charge ${charge.id} cannot be disputed.`, 'charge')
  const dispute = provider.store.put('dispute', makeDispute(charge, reason, provider.clock.seconds()))
  change(provider, 'charge', charge, { disputed: true })
  emitEvent(provider, 'charge.dispute.created', dispute)
  return dispute
}

export function closeDispute(provider: Provider, dispute: Dispute, status: 'lost' | 'won'): Dispute {
  if (dispute.status === 'lost' || dispute.status === 'won') {
    throw new StripeProblem(400, { type: 'invalid_request_error', message: 'This dispute is already closed.' })
  }
  const closed = change(provider, 'dispute', dispute, { status })
  emitEvent(provider, 'charge.dispute.closed', closed, { status: dispute.status })
  return closed
}
