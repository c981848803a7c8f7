import { z } from 'zod'
import { refused } from '../problem.ts'
import { oneOf } from './parameters.ts'

export const cancellationDetails = z.strictObject({
  comment: z.string().optional(),
  feedback: z.string().optional(),
})
export const prorationBehavior = oneOf('none', 'create_prorations', 'always_invoice')
export const paymentBehavior = oneOf(
  'allow_incomplete',
  'default_incomplete',
  'error_if_incomplete',
  'pending_if_incomplete',
)

export const detailsOf = (given: z.output<typeof cancellationDetails> | undefined) => ({
  ...(given?.comment !== undefined && { comment: given.comment || null }),
  ...(given?.feedback !== undefined && { feedback: given.feedback || null }),
})

/** A card of somebody else pays for nobody. */
export function refuseForeign(method: { id: string; customer: string | null } | undefined, customer: string): void {
  if (!method || method.customer === customer) return
  throw refused(
    `The customer does not have a payment method with the ID ${method.id}. The payment method must be attached to the customer.`,
    'default_payment_method',
    'resource_missing',
  )
}
