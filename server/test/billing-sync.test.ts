import { expect, test } from '@jest/globals'
import { applySync, planSyncOf, type SyncStep } from '../src/billing/index.ts'
import { promote, retirePromotion, setArchived, setPlan } from '../src/catalogue/index.ts'
import { makePlan, unique, type MadePlan } from './support/factories.ts'
import { startBillingApp } from './support/billing-app.ts'

// The sync of plans and promotions to the provider is idempotent and can be resumed.

const { db, stripe } = await startBillingApp()
const now = new Date()

const stepsFor = async (plan: MadePlan | null, code?: string): Promise<SyncStep[]> =>
  (await planSyncOf(db, stripe, now)).filter((step) =>
    'plan' in step ? step.plan.planId === plan?.id : step.promotion.code === code,
  )
const sync = async (plan: MadePlan | null, code?: string): Promise<string[]> => {
  const steps = await stepsFor(plan, code)
  await applySync({ db, stripe, steps, now })
  expect(await stepsFor(plan, code)).toEqual([])
  return steps.map(({ kind }) => kind)
}
const sold = async (plan: MadePlan) => {
  const { productId } = await db.billingProduct.findUniqueOrThrow({ where: { planId: plan.id } })
  const { data } = await stripe.prices.list({ product: productId, active: true, limit: 100 })
  const noted = await db.billingPrice.findMany({ where: { planId: plan.id, archivedAt: null } })
  expect(noted.map(({ priceId }) => priceId).sort()).toEqual(data.map(({ id }) => id).sort())
  return data.map(({ unit_amount }) => unit_amount).sort()
}

test('the provider’s products follow the plans', async () => {
  const plan = await makePlan(db, { monthly: 500 })
  const { slug } = plan
  expect(await sync(plan)).toEqual(['createProduct', 'createPrice'])
  expect(await sync(plan)).toEqual([])
  await setPlan(
    db,
    {
      slug,
      name: 'Friend',
      monthly: { amountMinor: 600, currency: 'EUR' },
      yearly: { amountMinor: 6000, currency: 'EUR' },
    },
    now,
  )
  expect(await sync(plan)).toEqual(['changeProduct', 'createPrice', 'archivePrice', 'createPrice'])
  expect(await sold(plan)).toEqual([600, 6000])
  // Members who pay the old price must still be recognised.
  expect(await db.billingPrice.count({ where: { planId: plan.id } })).toBe(3)
  await setPlan(db, { slug, monthly: { amountMinor: 500, currency: 'EUR' }, yearly: null }, now)
  expect(await sync(plan)).toEqual(['offerPrice', 'linkPrice', 'archivePrice', 'withdrawPrice', 'archivePrice'])
  expect(await sold(plan)).toEqual([500])
  await setArchived(db, slug, true, now)
  expect(await sync(plan)).toEqual(['withdrawPrice', 'archivePrice', 'changeProduct'])
  expect(await sold(plan)).toEqual([])
  await setArchived(db, slug, false, now)
  expect(await sync(plan)).toEqual(['changeProduct', 'offerPrice', 'linkPrice'])
  expect(await sold(plan)).toEqual([500])
})

test('resumes after a killed run', async () => {
  const plan = await makePlan(db, { monthly: 500 })
  const steps = await stepsFor(plan)
  // The run was killed after the provider had created the product and a price, before the server stored them.
  const [product] = steps
  await applySync({ db, stripe, steps: product ? [product] : [], now })
  await db.billingProduct.deleteMany({ where: { planId: plan.id } })
  expect((await stepsFor(plan)).map(({ kind }) => kind)).toEqual(['linkProduct', 'createPrice'])
  await sync(plan)
  await db.billingPrice.deleteMany({ where: { planId: plan.id } })
  expect(await sync(plan)).toEqual(['linkPrice'])
  expect(await sold(plan)).toEqual([500])
})

test('activates and deactivates a promotion', async () => {
  const code = `SPRING${unique()}`.toUpperCase()
  const promotion = {
    code,
    percentOff: 20,
    amountOffMinor: null,
    currency: null,
    duration: 'REPEATING',
    months: 3,
    expiresAt: new Date('2099-01-01T00:00:00Z'),
  } as const
  expect(await promote(db, promotion, now)).toBe('created')
  expect(await sync(null, code)).toEqual(['createPromotion'])
  const found = async () => (await stripe.promotionCodes.list({ code })).data
  expect(await found()).toMatchObject([{ active: true, expires_at: 4_070_908_800 }])
  await retirePromotion(db, code)
  expect(await sync(null, code)).toEqual(['closePromotion'])
  expect(await promote(db, promotion, now)).toBe('reactivated')
  expect(await sync(null, code)).toEqual(['openPromotion'])
  await db.promotion.updateMany({ where: { code }, data: { promotionCodeId: null } })
  expect(await sync(null, code)).toEqual(['linkPromotion'])
  expect(await found()).toHaveLength(1)
  await expect(promote(db, { ...promotion, percentOff: 30 }, now)).rejects.toThrow(
    `The code ${code} already exists with other terms.`,
  )
  await expect(retirePromotion(db, 'NOSUCHCODE')).rejects.toThrow('There is no promotion NOSUCHCODE.')
})
