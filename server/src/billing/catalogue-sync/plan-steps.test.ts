import { expect, test } from '@jest/globals'
import type { Promotion } from '../../catalogue/index.ts'
import type { TheirCode, TheirPrice, TheirProduct } from '../provider/catalogue.ts'
import { syncPlans, syncPromotions, type OurPlan, type PlanStep } from './plan-steps.ts'

const month = { interval: 'MONTHLY', amountMinor: 500, currency: 'EUR' } as const
const year = { interval: 'YEARLY', amountMinor: 5000, currency: 'EUR' } as const

const plan = (fields: Partial<OurPlan> = {}): OurPlan => ({
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

const theirMonth: TheirPrice = { ...month, priceId: 'month', active: true }
const theirYear: TheirPrice = { ...year, priceId: 'year', active: true }
const product = (fields: Partial<TheirProduct> = {}): TheirProduct => ({
  productId: 'prod',
  planId: 'p',
  name: 'Supporter',
  description: 'Reads.',
  active: true,
  prices: [theirMonth, theirYear],
  ...fields,
})
const closed = (price: TheirPrice): TheirPrice => ({ ...price, active: false })
const dearer: TheirPrice = { ...month, amountMinor: 600, priceId: 'dearer', active: true }

/** Shortly: what, and of which price or product. */
const shortly = (step: PlanStep): string => {
  if ('interval' in step) return `${step.kind} ${step.interval}`
  if ('price' in step) return `${step.kind} ${'priceId' in step.price ? step.price.priceId : step.price.amountMinor}`
  return step.kind
}

test.each<[string, OurPlan, TheirProduct[], string[]]>([
  ['nothing to do', plan(), [product()], []],
  ['nothing is there yet', plan(unknown), [], ['createProduct', 'createPrice 500', 'createPrice 5000']],
  [
    'another plan’s product',
    plan(unknown),
    [product({ planId: 'q' })],
    ['createProduct', 'createPrice 500', 'createPrice 5000'],
  ],
  [
    'killed after the product',
    plan(unknown),
    [product({ prices: [] })],
    ['linkProduct', 'createPrice 500', 'createPrice 5000'],
  ],
  [
    'killed after a price',
    plan(unknown),
    [product({ prices: [theirMonth] })],
    ['linkProduct', 'linkPrice month', 'createPrice 5000'],
  ],
  ['killed before the notes', plan(unknown), [product()], ['linkProduct', 'linkPrice month', 'linkPrice year']],
  ['two products of one plan', plan(), [product({ productId: 'other' }), product()], []],
  ['the provider has lost all', plan(), [], ['createProduct', 'createPrice 500', 'createPrice 5000']],
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
    'an amount that was there before',
    plan({ prices: [{ ...month, amountMinor: 600 }, year] }),
    [product({ prices: [theirMonth, theirYear, closed(dearer)] })],
    ['offerPrice dearer', 'linkPrice dearer', 'archivePrice month'],
  ],
  [
    'killed before the old price was archived',
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
  ['no longer by the year', plan({ prices: [month] }), [product()], ['withdrawPrice YEARLY', 'archivePrice year']],
  [
    'archived',
    plan({ onSale: false }),
    [product()],
    ['withdrawPrice MONTHLY', 'archivePrice month', 'withdrawPrice YEARLY', 'archivePrice year', 'changeProduct'],
  ],
  [
    'archived long ago',
    plan({ onSale: false, offered: [] }),
    [product({ active: false, prices: [closed(theirMonth), closed(theirYear)] })],
    [],
  ],
  ['archived, never there', plan({ ...unknown, onSale: false }), [], []],
  [
    'restored',
    plan({ offered: [] }),
    [product({ active: false, prices: [closed(theirMonth), closed(theirYear)] })],
    ['changeProduct', 'offerPrice month', 'linkPrice month', 'offerPrice year', 'linkPrice year'],
  ],
  [
    'somebody archived a price there',
    plan(),
    [product({ prices: [closed(theirMonth), theirYear] })],
    ['offerPrice month'],
  ],
])('%s', (_case, ours, theirs, steps) => {
  expect(syncPlans([ours], theirs).map(shortly)).toEqual(steps)
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
const code = (fields: Partial<TheirCode> = {}): TheirCode => ({
  promotionCodeId: 'promo',
  couponId: 'coupon',
  code: 'SPRING',
  active: true,
  ours: true,
  ...fields,
})
const over = { expiresAt: now }

test.each<[string, Promotion, TheirCode[], string[]]>([
  ['nothing to do', promotion(), [code()], []],
  ['not there yet', promotion({ promotionCodeId: null }), [], ['createPromotion']],
  ['killed before the note', promotion({ promotionCodeId: null }), [code()], ['linkPromotion']],
  [
    'somebody else’s',
    promotion({ promotionCodeId: null }),
    [code({ ours: false, code: 'Spring' })],
    ['leavePromotion'],
  ],
  [
    'somebody else’s, long closed',
    promotion({ promotionCodeId: null }),
    [code({ ours: false, active: false })],
    ['createPromotion'],
  ],
  ['retired', promotion({ active: false }), [code()], ['closePromotion']],
  ['over', promotion(over), [code()], ['closePromotion']],
  ['over, and closed there', promotion(over), [code({ active: false })], []],
  ['over, never there', promotion({ ...over, promotionCodeId: null }), [], []],
  ['taken up again', promotion(), [code({ active: false })], ['openPromotion']],
  ['another code', promotion({ promotionCodeId: null }), [code({ code: 'SPRING2' })], ['createPromotion']],
])('a promotion: %s', (_case, ours, theirs, steps) => {
  expect(syncPromotions([ours], theirs, now).map(({ kind }) => kind)).toEqual(steps)
})
