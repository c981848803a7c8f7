import { createHash } from 'node:crypto'
import type Stripe from 'stripe'
import type { Context } from '../graphql/context-types.ts'
import { contactOf } from '../members/index.ts'
import { keepCustomer } from './commands.ts'
import { customerIdOf } from './queries.ts'
import { answerOf } from './stripe.ts'

/**
 * The member as the provider's customer; made when they first buy something, once however many windows do so at once. Which
 * member a customer is says our row alone: the metadata is for people who look at the provider's pages.
 */
export async function ensureCustomer(ctx: Context, stripe: Stripe, memberId: string): Promise<string> {
  const known = await customerIdOf(ctx.db, memberId)
  if (known !== null) return known
  const { name, email } = await contactOf(ctx.db, memberId)
  const params = { ...(name && { name }), ...(email && { email }), metadata: { memberId } }
  const { id } = await answerOf(stripe.customers.create(params, once(`customer-${memberId}`, params)))
  return keepCustomer(ctx.db, memberId, id, ctx.now)
}

/**
 * Makes the provider do a thing once, however often it is asked to. What it is asked for is part of the name: the same name for
 * something else would be refused for a day. Whoever asks while the same is being done is told to ask again, so we do.
 */
export function once(name: string, params: object) {
  const digest = createHash('sha256').update(JSON.stringify(params)).digest('hex').slice(0, 16)
  return { idempotencyKey: `gatepost-${name}-${digest}`, maxNetworkRetries: 3 }
}
