import { anyObject, customer } from './answers.ts'
import { answerOf, answerUnlessGone, parseObject } from './calls.ts'
import type { ProviderClient } from './client.ts'
import { idempotent } from './idempotency.ts'

export interface NewCustomer {
  readonly memberId: string
  readonly name: string | null
  readonly email: string | null
  /** How many customers of this member were deleted. With the same key the provider would return the deleted customer for a day. */
  readonly goneCount: number
}

/**
 * Creates a customer and returns its id. Requests at the same time get the same customer. The metadata is for people who look at the
 * provider's pages; `billing_customer` alone says which member a customer is.
 */
export async function createCustomer(
  stripe: ProviderClient,
  { memberId, name, email, goneCount }: NewCustomer,
): Promise<string> {
  const params = { ...(name && { name }), ...(email && { email }), metadata: { memberId } }
  const key = idempotent(`customer-${memberId}-${goneCount}`, params)
  const { id } = await answerOf(stripe.customers.create(params, key), anyObject)
  return id
}

/** Returns whether the provider still has a customer. For a deleted one it answers with `deleted: true`. */
export async function customerExists(stripe: ProviderClient, customerId: string): Promise<boolean> {
  const found = await answerUnlessGone(stripe.customers.retrieve(customerId), customer)
  return found !== null && found.deleted !== true
}

/** Lists the ids of all customers that are not deleted. */
export async function* customerIds(stripe: ProviderClient): AsyncGenerator<string> {
  for await (const found of stripe.customers.list({ limit: 100 })) yield parseObject(found, anyObject).id
}
