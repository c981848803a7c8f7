import { expect, test } from '@jest/globals'
import type { Promotion } from '../../catalogue/index.ts'
import type { ProviderPromotionCode, ProviderPrice, ProviderProduct } from '../provider/catalogue.ts'
import { syncPlans, syncPromotions, type PlanToSync, type PlanStep } from './plan-steps.ts'

const month = { interval: 'MONTHLY', amountMinor: 500, currency: 'EUR' } as const
const year = { interval: 'YEARLY', amountMinor: 5000, currency: 'EUR' } as const

const plan = (fields: Partial<PlanToSync> = {}): PlanToSync => ({
  planId: 'p',
  slug: 'supporter',
  name: 'Supporter',
  description: 'Reads.',
  onSale: true,
  prices: [month, year],
  productId: 'prod',
  offered: [
    { priceId: 'month', interval: 'MONTHLY' },
    { priceId: 'year', interval: 'YEARLY' },
  ],
  ...fields,
})
const unknown = { productId: null, offered: [] }

const theirMonth: ProviderPrice = { ...month, priceId: 'month', active: true }
const theirYear: ProviderPrice = { ...year, priceId: 'year', active: true }
const product = (fields: Partial<ProviderProduct> = {}): ProviderProduct => ({
  productId: 'prod',
  planId: 'p',
  name: 'Supporter',
  description: 'Reads.',
  active: true,
  prices: [theirMonth, theirYear],
  ...fields,
})
const closed = (price: ProviderPrice): ProviderPrice => ({ ...price, active: false })
const dearer: ProviderPrice = { ...month, amountMinor: 600, priceId: 'dearer', active: true }

/** Describes a step by its kind and its price or interval. */
const shortly = (step: PlanStep): string => {
  if ('interval' in step) return `${step.kind} ${step.interval}`
  if ('price' in step) return `${step.kind} ${'priceId' in step.price ? step.price.priceId : step.price.amountMinor}`
  return step.kind
}

test.each<[string, PlanToSync, ProviderProduct[], string[]]>([
  ['nothing to do', plan(), [product()], []],
  ['no objects yet', plan(unknown), [], ['createProduct', 'createPrice 500', 'createPrice 5000']],
  [
    'only a product of another plan',
    plan(unknown),
    [product({ planId: 'q' })],
    ['createProduct', 'createPrice 500', 'createPrice 5000'],
  ],
  [
    'an earlier run stopped after the product',
    plan(unknown),
    [product({ prices: [] })],
    ['linkProduct', 'createPrice 500', 'createPrice 5000'],
  ],
  [
    'an earlier run stopped after a price',
    plan(unknown),
    [product({ prices: [theirMonth] })],
    ['linkProduct', 'linkPrice month', 'createPrice 5000'],
  ],
  [
    'an earlier run stopped before the links',
    plan(unknown),
    [product()],
    ['linkProduct', 'linkPrice month', 'linkPrice year'],
  ],
  ['two products of one plan', plan(), [product({ productId: 'other' }), product()], []],
  ['all objects deleted at the provider', plan(), [], ['createProduct', 'createPrice 500', 'createPrice 5000']],
  ['a new name', plan({ name: 'Friend' }), [product()], ['changeProduct']],
  ['a new description', plan({ description: '' }), [product()], ['changeProduct']],
  [
    'a new amount',
    plan({ prices: [{ ...month, amountMinor: 600 }, year] }),
    [product()],
    ['createPrice 600', 'archivePrice month'],
  ],
  [
    'a new currency',
    plan({ prices: [{ ...month, currency: 'USD' }, year] }),
    [product()],
    ['createPrice 500', 'archivePrice month'],
  ],
  [
    'an amount of an archived price',
    plan({ prices: [{ ...month, amountMinor: 600 }, year] }),
    [product({ prices: [theirMonth, theirYear, closed(dearer)] })],
    ['offerPrice dearer', 'linkPrice dearer', 'archivePrice month'],
  ],
  [
    'an earlier run stopped before the old price was archived',
    plan({
      prices: [{ ...month, amountMinor: 600 }, year],
      offered: [
        { priceId: 'dearer', interval: 'MONTHLY' },
        { priceId: 'year', interval: 'YEARLY' },
      ],
    }),
    [product({ prices: [theirMonth, theirYear, dearer] })],
    ['archivePrice month'],
  ],
  ['no yearly price any more', plan({ prices: [month] }), [product()], ['withdrawPrice YEARLY', 'archivePrice year']],
  [
    'off sale',
    plan({ onSale: false }),
    [product()],
    ['withdrawPrice MONTHLY', 'archivePrice month', 'withdrawPrice YEARLY', 'archivePrice year', 'changeProduct'],
  ],
  [
    'off sale and already archived',
    plan({ onSale: false, offered: [] }),
    [product({ active: false, prices: [closed(theirMonth), closed(theirYear)] })],
    [],
  ],
  ['off sale and never created', plan({ ...unknown, onSale: false }), [], []],
  [
    'on sale again',
    plan({ offered: [] }),
    [product({ active: false, prices: [closed(theirMonth), closed(theirYear)] })],
    ['changeProduct', 'offerPrice month', 'linkPrice month', 'offerPrice year', 'linkPrice year'],
  ],
  ['a price archived by hand', plan(), [product({ prices: [closed(theirMonth), theirYear] })], ['offerPrice month']],
])('a plan: %s', (_case, stored, products, steps) => {
  expect(syncPlans([stored], products).map(shortly)).toEqual(steps)
})

const now = new Date('2026-11-21T12:00:00Z')
const promotion = (fields: Partial<Promotion> = {}): Promotion => ({
  code: 'SPRING',
  percentOff: 20,
  amountOffMinor: null,
  currency: null,
  duration: 'ONCE',
  months: null,
  expiresAt: null,
  active: true,
  promotionCodeId: 'promo',
  ...fields,
})
const code = (fields: Partial<ProviderPromotionCode> = {}): ProviderPromotionCode => ({
  promotionCodeId: 'promo',
  couponId: 'coupon',
  code: 'SPRING',
  active: true,
  createdHere: true,
  ...fields,
})
const over = { expiresAt: now }

test.each<[string, Promotion, ProviderPromotionCode[], string[]]>([
  ['nothing to do', promotion(), [code()], []],
  ['no code yet', promotion({ promotionCodeId: null }), [], ['createPromotion']],
  ['an earlier run stopped before the link', promotion({ promotionCodeId: null }), [code()], ['linkPromotion']],
  [
    'a code made by hand',
    promotion({ promotionCodeId: null }),
    [code({ createdHere: false, code: 'Spring' })],
    ['leavePromotion'],
  ],
  [
    'an inactive code made by hand',
    promotion({ promotionCodeId: null }),
    [code({ createdHere: false, active: false })],
    ['createPromotion'],
  ],
  ['deactivated', promotion({ active: false }), [code()], ['closePromotion']],
  ['expired', promotion(over), [code()], ['closePromotion']],
  ['expired and already inactive', promotion(over), [code({ active: false })], []],
  ['expired and never created', promotion({ ...over, promotionCodeId: null }), [], []],
  ['reactivated', promotion(), [code({ active: false })], ['openPromotion']],
  ['only another code', promotion({ promotionCodeId: null }), [code({ code: 'SPRING2' })], ['createPromotion']],
])('a promotion: %s', (_case, stored, codes, steps) => {
  expect(syncPromotions([stored], codes, now).map(({ kind }) => kind)).toEqual(steps)
})
