import { anyObject, customer } from './answers.ts'
import { answerOf, answerUnlessGone, parseObject } from './calls.ts'
import { sdkOf, type ProviderClient } from './client.ts'
import { idempotent } from './idempotency.ts'

interface NewCustomer {
  readonly memberId: string
  readonly name: string | null
  readonly email: string | null
  /**
   * The number of deleted customers of this member. It is part of the idempotency key, which would return the deleted one for a
   * day.
   */
  readonly goneCount: number
}

/**
 * Creates a customer and returns its id. Concurrent calls return the same customer. The metadata is for people who look at the
 * provider's pages. This server reads the member of a customer from `billing_customer` only.
 */
export async function createCustomer(
  stripe: ProviderClient,
  { memberId, name, email, goneCount }: NewCustomer,
): Promise<string> {
  const params = { ...(name && { name }), ...(email && { email }), metadata: { memberId } }
  const key = idempotent(`customer-${memberId}-${goneCount}`, params)
  const { id } = await answerOf(sdkOf(stripe).customers.create(params, key), anyObject)
  return id
}

/** Returns whether a customer exists. The provider returns a deleted customer with `deleted: true`. */
export async function customerExists(stripe: ProviderClient, customerId: string): Promise<boolean> {
  const found = await answerUnlessGone(sdkOf(stripe).customers.retrieve(customerId), customer)
  return found !== null && found.deleted !== true
}

/** Lists the ids of all customers that are not deleted. */
export async function* customerIds(stripe: ProviderClient): AsyncGenerator<string> {
  for await (const found of sdkOf(stripe).customers.list({ limit: 100 })) yield parseObject(found, anyObject).id
}
