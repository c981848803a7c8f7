import { promotionWords, intervalWord } from '../../catalogue/index.ts'
import { amountWords } from '../../lib/money.ts'
import type { PriceToSync, SyncStep } from './plan-steps.ts'

/** Describes a step in one line, for the person who confirms it. */
export function describeStep(step: SyncStep): string {
  switch (step.kind) {
    case 'createProduct':
      return `${step.plan.slug}: new product "${step.plan.name}"`
    case 'linkProduct':
      return `${step.plan.slug}: link to the existing product ${step.productId}`
    case 'changeProduct':
      return `${step.plan.slug}: ${productChanges(step).join(', ')}`
    case 'createPrice':
      return `${step.plan.slug}: new price, ${priceWords(step.price)}`
    case 'linkPrice':
      return `${step.plan.slug}: sell at ${priceWords(step.price)}, with the price ${step.price.priceId}`
    case 'offerPrice':
      return `${step.plan.slug}: reactivate the price ${step.price.priceId}, ${priceWords(step.price)}`
    case 'archivePrice':
      return `${step.plan.slug}: archive the price ${step.price.priceId}, ${priceWords(step.price)}; current subscribers keep it`
    case 'withdrawPrice':
      return `${step.plan.slug}: stop selling by the ${intervalWord(step.interval)}`
    case 'createPromotion':
      return `promotion ${step.promotion.code}: new, ${promotionWords(step.promotion)}`
    case 'linkPromotion':
      return `promotion ${step.promotion.code}: link to the existing code`
    case 'openPromotion':
      return `promotion ${step.promotion.code}: reactivate it`
    case 'closePromotion':
      return `promotion ${step.promotion.code}: deactivate it`
    case 'leavePromotion':
      return `promotion ${step.promotion.code}: NOT CHANGED: the same code was created there by hand. Deactivate one of the two`
  }
}

function productChanges({ plan, product }: Extract<SyncStep, { kind: 'changeProduct' }>): string[] {
  return [
    ...(product.name === plan.name ? [] : [`rename "${product.name}" to "${plan.name}"`]),
    ...(product.description === plan.description ? [] : ['new description']),
    ...(product.active === plan.onSale ? [] : [plan.onSale ? 'reactivate the product' : 'archive the product']),
  ]
}

const priceWords = ({ interval, amountMinor, currency }: PriceToSync): string =>
  `${amountWords(amountMinor, currency)} a ${intervalWord(interval)}`
