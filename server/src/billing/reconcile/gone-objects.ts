import type { Database } from '../../db/index.ts'
import { presentProducts } from '../catalogue-sync/queries.ts'
import { retireCustomer } from '../checkout/commands.ts'
import { presentCustomers } from '../checkout/queries.ts'
import { priceExists, productExists, productIds } from '../provider/catalogue.ts'
import type { ProviderClient } from '../provider/client.ts'
import { customerIds } from '../provider/customers.ts'
import { planSyncOf } from '../catalogue-sync/apply-steps.ts'
import { describeStep } from '../catalogue-sync/describe-step.ts'
import type { SyncStep } from '../catalogue-sync/plan-steps.ts'
import { unfixable, type Difference } from './difference.ts'

export interface GoneOptions {
  readonly db: Database
  readonly stripe: ProviderClient
  readonly businessNow: () => Date
  /** Whether somebody has said that most customers were really deleted. */
  readonly manyGone?: boolean
}

/** More than these, and more than half of all, are not believed to be gone. */
const mostGone = 10

/**
 * Says that the key is of another account or mode than what we remember: it finds nothing of it.
 *
 * @returns null for a key that finds something, and where nothing is remembered yet
 */
export async function wrongKeyReport({ db, stripe }: Pick<GoneOptions, 'db' | 'stripe'>): Promise<string | null> {
  const [customers, products] = await Promise.all([presentCustomers(db), presentProducts(db)])
  if (customers.length + products.length === 0) return null
  if (await hasAny(productIds(stripe), products)) return null
  if (await hasAny(customerIds(stripe), customers)) return null
  return (
    `STRIPE_SECRET_KEY finds none of the ${customers.length} customers and ${products.length} products stored here. ` +
    'The key belongs to another account or mode, so nothing was compared. Set the right key. If everything was deleted at the payment ' +
    'provider, run npm run billing:sync first.'
  )
}

async function hasAny(listed: AsyncIterable<string>, ids: readonly string[]): Promise<boolean> {
  const known = new Set(ids)
  if (known.size > 0) for await (const id of listed) if (known.has(id)) return true
  return false
}

/** Names the customers, products, prices and promotion codes that we remember and that the provider does not have any more. */
export async function* goneObjects(options: GoneOptions): AsyncGenerator<Difference> {
  yield* goneCustomers(options)
  const { db, stripe, businessNow } = options
  for (const step of await planSyncOf(db, stripe, businessNow())) {
    const id = await goneId(stripe, step)
    if (id === null) continue
    yield unfixable(`${id}: no longer exists at the payment provider. Run npm run billing:sync (${describeStep(step)})`)
  }
}

async function* goneCustomers({ db, stripe, businessNow, manyGone }: GoneOptions): AsyncGenerator<Difference> {
  const known = await presentCustomers(db)
  const missing = new Set(known)
  if (missing.size > 0) {
    for await (const id of customerIds(stripe)) missing.delete(id)
  }
  if (missing.size > mostGone && missing.size * 2 > known.length && manyGone !== true) {
    yield unfixable(
      `${missing.size} of ${known.length} customers do not exist at the payment provider. That many deletions are unlikely. ` +
        'Check that STRIPE_SECRET_KEY belongs to the right account. If the customers were deleted, run again with --many-gone.',
    )
    return
  }
  for (const id of missing) {
    yield {
      what: `${id}: the customer no longer exists at the payment provider. The member's next purchase creates a new one.`,
      fixable: true,
      fix: () => retireCustomer(db, id, businessNow()),
    }
  }
}

/** Returns the id of the gone object that a step replaces; null for a step that replaces none. */
async function goneId(stripe: ProviderClient, step: SyncStep): Promise<string | null> {
  switch (step.kind) {
    case 'createProduct':
    case 'linkProduct':
      return onlyGone(step.plan.productId, (id) => productExists(stripe, id))
    case 'createPrice':
    case 'linkPrice': {
      const offered = step.plan.offered.find(({ interval }) => interval === step.price.interval)
      return onlyGone(offered?.priceId, (id) => priceExists(stripe, id))
    }
    case 'createPromotion':
      // The code may be there and its coupon not: then it cannot be opened again.
      return step.promotion.promotionCodeId
    default:
      return null
  }
}

async function onlyGone(
  id: string | null | undefined,
  exists: (id: string) => Promise<boolean>,
): Promise<string | null> {
  return !id || (await exists(id)) ? null : id
}
