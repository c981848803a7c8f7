import { createHash } from 'node:crypto'
import type Stripe from 'stripe'
import type { BillingContext } from '../context.ts'
import { contactOf } from '../../members/index.ts'
import { keepCustomer, retireCustomer } from '../commands.ts'
import { anyObject, customer } from '../provider/answers.ts'
import { customerIdOf, goneCustomersOf } from '../queries.ts'
import { parseAnswer, answerUnlessGone } from '../provider/calls.ts'

/**
 * Returns the member's customer at the provider. It is made on the first purchase, and again when it was deleted there; windows that
 * ask at the same time get the same one. Our row alone says which member a customer is: the metadata is for people who look at the
 * provider's pages.
 */
export async function ensureCustomer(ctx: BillingContext, stripe: Stripe, memberId: string): Promise<string> {
  const known = await customerIdOf(ctx.db, memberId)
  if (known !== null && (await isCustomerThere(stripe, known))) return known
  if (known !== null) await retireCustomer(ctx.db, known, ctx.now)
  const [{ name, email }, gone] = await Promise.all([contactOf(ctx.db, memberId), goneCustomersOf(ctx.db, memberId)])
  const params = { ...(name && { name }), ...(email && { email }), metadata: { memberId } }
  // The name counts those that are gone: under the same name the provider would answer with the deleted customer for a day.
  const key = idempotent(`customer-${memberId}-${gone.length}`, params)
  const { id } = await parseAnswer(stripe.customers.create(params, key), anyObject)
  return keepCustomer(ctx.db, memberId, id, ctx.now)
}

/** Whether the provider still has a customer. It answers for a deleted one with `deleted: true`. */
export async function isCustomerThere(stripe: Stripe, customerId: string): Promise<boolean> {
  const found = await answerUnlessGone(stripe.customers.retrieve(customerId), customer)
  return found !== null && found.deleted !== true
}

/**
 * Returns request options with an idempotency key: the provider executes equal requests once within a day. The key contains a digest of
 * the parameters, because the provider refuses a key that is used again with other parameters. A request that arrives while its twin
 * runs is answered with 409, and the client retries.
 */
export function idempotent(name: string, params: object) {
  const digest = createHash('sha256').update(JSON.stringify(params)).digest('hex').slice(0, 16)
  return { idempotencyKey: `gatepost-${name}-${digest}` }
}
