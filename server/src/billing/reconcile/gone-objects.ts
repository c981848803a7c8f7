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

interface GoneOptions {
  readonly db: Database
  readonly stripe: ProviderClient
  readonly businessNow: () => Date
  /** Whether the operator has confirmed that many customers were deleted. */
  readonly manyGone?: boolean
}

/** More deletions than this, if they are more than half of all customers, need the operator's confirmation. */
const mostPlausibleDeletions = 10

/**
 * Reports a secret key of another account or mode, which finds none of the stored objects.
 *
 * @returns null if the key finds an object, or if no objects are stored yet
 */
export async function wrongKeyReport({ db, stripe }: Pick<GoneOptions, 'db' | 'stripe'>): Promise<string | null> {
  const [customers, products] = await Promise.all([presentCustomers(db), presentProducts(db)])
  if (customers.length + products.length === 0) return null
  if (await containsAny(productIds(stripe), products)) return null
  if (await containsAny(customerIds(stripe), customers)) return null
  return (
    `STRIPE_SECRET_KEY finds none of the ${customers.length} customers and ${products.length} products stored here. ` +
    'The key belongs to another account or mode, so nothing was compared. Set the right key. If everything was deleted at the payment ' +
    'provider, run npm run billing:sync first.'
  )
}

async function containsAny(listed: AsyncIterable<string>, ids: readonly string[]): Promise<boolean> {
  const known = new Set(ids)
  if (known.size > 0) for await (const id of listed) if (known.has(id)) return true
  return false
}

/** Yields the stored customers, products, prices and promotion codes that no longer exist at the provider. */
export async function* goneObjects(options: GoneOptions): AsyncGenerator<Difference> {
  yield* goneCustomers(options)
  const { db, stripe, businessNow } = options
  for (const step of await planSyncOf(db, stripe, businessNow())) {
    const id = await replacedIdIfMissing(stripe, step)
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
  if (missing.size > mostPlausibleDeletions && missing.size * 2 > known.length && manyGone !== true) {
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

/** Returns the id of the missing object that a step replaces, or null if the step replaces none. */
async function replacedIdIfMissing(stripe: ProviderClient, step: SyncStep): Promise<string | null> {
  switch (step.kind) {
    case 'createProduct':
    case 'linkProduct':
      return idIfMissing(step.plan.productId, (id) => productExists(stripe, id))
    case 'createPrice':
    case 'linkPrice': {
      const offered = step.plan.offered.find(({ interval }) => interval === step.price.interval)
      return idIfMissing(offered?.priceId, (id) => priceExists(stripe, id))
    }
    case 'createPromotion':
      // The code may still exist without its coupon. Such a code cannot be reactivated.
      return step.promotion.promotionCodeId
    default:
      return null
  }
}

async function idIfMissing(
  id: string | null | undefined,
  exists: (id: string) => Promise<boolean>,
): Promise<string | null> {
  return !id || (await exists(id)) ? null : id
}
