import { contactOf } from '../../members/index.ts'
import type { BillingContext } from '../context.ts'
import type { ProviderClient } from '../provider/client.ts'
import { createCustomer, customerExists } from '../provider/customers.ts'
import { saveCustomer, retireCustomer } from './commands.ts'
import { customerIdOf, goneCustomersOf } from './queries.ts'

/**
 * Returns the member's customer at the provider. Creates it on the first purchase, and again if it was deleted there. Concurrent
 * calls return the same customer.
 */
export async function ensureCustomer(ctx: BillingContext, stripe: ProviderClient, memberId: string): Promise<string> {
  const known = await customerIdOf(ctx.db, memberId)
  if (known !== null && (await customerExists(stripe, known))) return known
  if (known !== null) await retireCustomer(ctx.db, known, ctx.now)
  const [contact, gone] = await Promise.all([contactOf(ctx.db, memberId), goneCustomersOf(ctx.db, memberId)])
  const customerId = await createCustomer(stripe, { memberId, ...contact, goneCount: gone.length })
  return saveCustomer(ctx.db, memberId, customerId, ctx.now)
}
