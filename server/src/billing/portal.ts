import type Stripe from 'stripe'
import type { BillingContext } from './context.ts'
import type { PortalTask } from '../schema-types.ts'
import { CodedError } from '../lib/errors.ts'
import { isCustomerThere } from './checkout/customer.ts'
import { requireProviderClient } from './checkout/offer.ts'
import { portalSession } from './provider/answers.ts'
import { returnAddress } from './checkout/return-address.ts'
import { parseAnswer } from './provider/calls.ts'

/**
 * Opens the provider's pages for a member's own cards and receipts.
 *
 * @returns the address to go to
 * @throws BAD_USER_INPUT, SERVICE_UNAVAILABLE; CONFLICT for whoever never paid for anything
 */
export async function openBillingPortal(
  ctx: BillingContext,
  memberId: string,
  returnTo: string,
  task: PortalTask,
): Promise<string> {
  const stripe = requireProviderClient(ctx)
  const address = returnAddress(returnTo, ctx.billing.siteUrl)
  const payer = await ctx.billing.payer(memberId)
  if (payer === null)
    throw new CodedError('CONFLICT', 'You have not bought anything yet, so there are no payments to show.')
  if (!(await isCustomerThere(stripe, payer.customerId))) {
    throw new CodedError('CONFLICT', 'The payment provider has deleted your records, so there are no payments to show.')
  }
  const flow = {
    type: 'payment_method_update',
    after_completion: { type: 'redirect', redirect: { return_url: address } },
  } satisfies Stripe.BillingPortal.SessionCreateParams.FlowData
  const session = await parseAnswer(
    stripe.billingPortal.sessions.create({
      customer: payer.customerId,
      return_url: address,
      ...(task === 'UPDATE_CARD' && { flow_data: flow }),
    }),
    portalSession,
  )
  return session.url
}
