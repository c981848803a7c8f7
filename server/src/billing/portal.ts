import { CodedError } from '../lib/errors.ts'
import type { PortalTask } from '../schema-types.ts'
import { returnAddress } from './checkout/return-address.ts'
import type { BillingContext } from './context.ts'
import { requireProviderClient } from './offer.ts'
import { customerExists } from './provider/customers.ts'
import { createPortalSession } from './provider/sessions.ts'

/**
 * Opens the provider's page for the member's cards and receipts.
 *
 * @returns the URL of the page
 * @throws BAD_USER_INPUT for a return address outside the site, CONFLICT for a member who never paid, SERVICE_UNAVAILABLE
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
  if (!(await customerExists(stripe, payer.customerId))) {
    throw new CodedError('CONFLICT', 'The payment provider has deleted your records, so there are no payments to show.')
  }
  return createPortalSession(stripe, {
    customerId: payer.customerId,
    returnUrl: address,
    updatesCard: task === 'UPDATE_CARD',
  })
}
