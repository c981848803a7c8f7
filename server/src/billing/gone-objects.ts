import type Stripe from 'stripe'
import type { Database } from '../db/index.ts'
import { retireCustomer } from './commands.ts'
import { presentCustomers } from './queries.ts'
import { answerUnlessGone } from './stripe.ts'
import { planSyncOf } from './sync-apply.ts'
import { describeStep } from './sync-words.ts'
import type { SyncStep } from './sync.ts'
import type { Difference } from './types.ts'

export interface GoneOptions {
  readonly db: Database
  readonly stripe: Stripe
  readonly businessNow: () => Date
}

/** Names the customers, products, prices and promotion codes that we remember and that the provider does not have any more. */
export async function* goneObjects({ db, stripe, businessNow }: GoneOptions): AsyncGenerator<Difference> {
  const missing = new Set(await presentCustomers(db))
  if (missing.size > 0) for await (const { id } of stripe.customers.list({ limit: 100 })) missing.delete(id)
  for (const id of missing) {
    yield {
      what: `${id}: the provider does not have this customer any more. The member's next purchase makes a new one.`,
      mendable: true,
      mend: () => retireCustomer(db, id, businessNow()),
    }
  }
  for (const step of await planSyncOf(db, stripe, businessNow())) {
    const id = await goneId(stripe, step)
    if (id === null) continue
    const what = `${id}: the provider does not have it any more. Run npm run billing:sync: ${describeStep(step)}`
    yield { what, mendable: false, mend: () => Promise.resolve() }
  }
}

/** Returns the id of the gone object that a step replaces; null for a step that replaces none. */
async function goneId(stripe: Stripe, step: SyncStep): Promise<string | null> {
  switch (step.kind) {
    case 'createProduct':
    case 'noteProduct':
      return onlyGone(step.plan.productId, (id) => stripe.products.retrieve(id))
    case 'createPrice':
    case 'notePrice': {
      const offered = step.plan.offered.find(({ interval }) => interval === step.price.interval)
      return onlyGone(offered?.priceId, (id) => stripe.prices.retrieve(id))
    }
    case 'createPromotion':
      // The code may be there and its coupon not: then it cannot be opened again.
      return step.promotion.promotionCodeId
    default:
      return null
  }
}

async function onlyGone(id: string | null | undefined, ask: (id: string) => Promise<unknown>): Promise<string | null> {
  if (!id) return null
  return (await answerUnlessGone(ask(id))) === null ? id : null
}
